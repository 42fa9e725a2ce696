// Pure functions: where windows lie and what they compute. No rule of sizes or pads is written
// here; `rules` carries them, computed by convlib.padding.

const ROUND = 1e6;

// One axis under `settings` {size, kernel, stride, dilation, padding}: the number of outputs, the
// pads, and what is read; null if no window fits.
export function axis(rules, settings) {
  const { size, kernel, stride, dilation, padding } = settings;
  const [, kernels, strides, dilations] = rules.limits;
  const index = (((size - 1) * kernels + kernel - 1) * strides + stride - 1) * dilations + dilation - 1;
  const code = rules.table[padding].slice(3 * index, 3 * index + 3);
  if (code[0] === "-") return null;
  const [out, before, after] = [...code].map((digit) => parseInt(digit, 36));
  const span = (kernel - 1) * dilation + 1;
  const read = (out - 1) * stride + span - before; // cells up to the end of the last window
  return { ...settings, out, before, after, span, unread: Math.max(size - read, 0) };
}

// The cell of the input that tap `tap` of window `output` reads; it may lie in the padding.
export function cellOf(axis, output, tap) {
  return output * axis.stride + tap * axis.dilation - axis.before;
}

// The taps of window `output`, in rows: what each reads and whether that is inside the input.
export function terms([rows, columns], [r, c], input, kernel) {
  return grid(rows.kernel, columns.kernel, (i, j) => {
    const row = cellOf(rows, r, i);
    const column = cellOf(columns, c, j);
    const inside = row >= 0 && row < rows.size && column >= 0 && column < columns.size;
    return { row, column, inside, x: inside ? input[row][column] : 0, w: kernel[i][j] };
  }).flat();
}

// What a window makes of its terms. Padding is a zero in a sum; a pool leaves it out.
export function reduce(operation, terms) {
  if (operation === "sum") {
    return Math.round(terms.reduce((sum, { x, w }) => sum + x * w, 0) * ROUND) / ROUND;
  }
  const values = terms.filter(({ inside }) => inside).map(({ x }) => x);
  if (operation === "max") return Math.max(...values);
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

// All outputs.
export function outputs(axes, operation, input, kernel) {
  const [rows, columns] = axes;
  return grid(rows.out, columns.out, (r, c) => reduce(operation, terms(axes, [r, c], input, kernel)));
}

// The outputs along one axis whose window reads cell `cell`.
export function reach(axis, cell) {
  const found = [];
  for (let output = 0; output < axis.out; output++) {
    for (let tap = 0; tap < axis.kernel; tap++) {
      if (cellOf(axis, output, tap) === cell) found.push(output);
    }
  }
  return found;
}

export function grid(rows, columns, value) {
  return Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => value(r, c)));
}

// A small generator of whole numbers from low to high, the same on every machine.
function random(low, high, seed) {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return low + (Math.floor(state / 65536) % (high - low + 1));
  };
}

const binomial = (n) => Array.from({ length: n }, (_, i) => {
  let value = 1;
  for (let j = 0; j < i; j++) value = (value * (n - 1 - j)) / (j + 1);
  return Math.round(value);
});

// The ready-made values, each a function of (rows, columns) and the number of the sheet.
export const PRESETS = {
  counting: (rows, columns, sheet = 0) =>
    grid(rows, columns, (r, c) => (sheet * rows + r) * columns + c + 1),
  ones: (rows, columns) => grid(rows, columns, () => 1),
  impulse: (rows, columns) =>
    grid(rows, columns, (r, c) => Number(r === rows >> 1 && c === columns >> 1)),
  edge: (rows, columns) =>
    grid(rows, columns, (r, c) => (columns === 1 ? 1 : Number(c === columns - 1) - Number(c === 0))),
  blur: (rows, columns) => grid(rows, columns, (r, c) => binomial(rows)[r] * binomial(columns)[c]),
  checkerboard: (rows, columns, sheet = 0) =>
    grid(rows, columns, (r, c) => ((r + c + sheet) % 2 ? -1 : 1)),
  random: (rows, columns, sheet = 0) => grid(rows, columns, random(-4, 9, 7 + sheet)),
};
