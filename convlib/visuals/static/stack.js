// Pure functions: what each layer of a stack makes of the shape before it, what it costs, and which
// cells of the stack's input one output cell reads. Arguments, their defaults and the error messages
// come from convlib; tests/browser/test_builder.py compares the rest with convlib.

const AXES = [[], ["steps"], ["height", "width"], ["depth", "height", "width"]];
const PHASES = 256; // at most so many output cells are looked at for the widest receptive field

const product = (numbers) => numbers.reduce((total, n) => total * n, 1);
export const perAxis = (value, rank) => (Array.isArray(value) ? value : Array(rank).fill(value));

// A value as Python writes it.
export function python(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (!Array.isArray(value)) return String(value);
  return `(${value.map(python).join(", ")}${value.length === 1 ? "," : ""})`;
}

// A message of convlib with what was received put in.
function filled(message, received) {
  return message.replace(/\{(\w+)\}/g, (_, name) => received[name]);
}

// One axis of a window layer: cells `n`, kernel `k`, stride `s`, dilation `d`. The number of windows,
// null if none fits, and the pad before.
export function windowAxis({ n, k, s, d, padding }) {
  const cells = (k - 1) * d + 1;
  if (padding === "valid") return { out: cells > n ? null : Math.floor((n - cells) / s) + 1, before: 0 };
  const out = Math.ceil(n / s);
  const total = Math.max((out - 1) * s + cells - n, 0);
  return { out, before: padding === "causal" ? cells - 1 : total >> 1 };
}

// One axis of a transposed layer with output padding `p` or null: its length, and the cells dropped
// at the start of the scatter.
export function stampAxis({ n, k, s, d, padding, p }) {
  const cells = (k - 1) * d + 1;
  const last = padding === "same" ? (p === null ? s : (cells % 2) + p) : p === null ? Math.max(cells, s) : cells + p;
  const out = (n - 1) * s + last;
  return { out, before: Math.max((n - 1) * s + cells - out, 0) >> 1 };
}

// The first and last cell read by the windows `first` to `last`; the input is taken to have no end.
const read = ({ s, d, k, before }) => ([first, last]) => [first * s - before, last * s - before + (k - 1) * d];

// The first and last cell whose stamps reach the cells `first` to `last`, null if none does.
const stampedBy = ({ s, d, k, before }) => ([first, last]) => {
  let [low, high] = [Infinity, -Infinity];
  for (let tap = 0; tap < k; tap++) {
    low = Math.min(low, Math.ceil((first + before - tap * d) / s));
    high = Math.max(high, Math.floor((last + before - tap * d) / s));
  }
  const reaches = (cell) => Array.from({ length: k }, (_, tap) => cell * s + tap * d - before)
    .some((at) => at >= first && at <= last);
  while (low <= high && !reaches(low)) low++;
  while (low <= high && !reaches(high)) high--;
  return low <= high ? [low, high] : null;
};

// What all axes of a layer do: `axis(one)` gives {out, before}, `back` the cells read.
const along = (axis, back) => ({ sizes, settings }) => settings.map((one, i) => {
  const made = axis({ ...one, n: sizes[i] });
  return { ...one, ...made, back: back({ ...one, ...made }) };
});

const WINDOWS = {
  axes: along(windowAxis, read), stride: ({ s }) => s,
  refuses: (at) => misfit(at),
};
const kernel = (a) => product(a.kernel_size);
const bias = (a, filters) => (a.use_bias ? filters : 0);
const none = () => 0;
const kept = (channels) => channels;
const mixes = ({ strides, dilation_rate }) => Math.max(...strides) > 1 && Math.max(...dilation_rate) > 1;
const mixed = ({ strides, dilation_rate }) =>
  ["strides and dilation", { strides: python(strides), dilation_rate: python(dilation_rate) }];

// Of each family: `early`, what the constructor refuses; `axes`, what happens to each axis;
// `stride`, by how many input cells neighbouring outputs are apart; `refuses`, which input; then
// output channels, parameters and multiply-adds, for input channels c, cells before and after.
const RULES = {
  Conv: {
    ...WINDOWS,
    early: (a) => mixes(a) ? mixed(a)
      : a.filters % a.groups ? ["groups of filters", a] : null,
    refuses: (at) => misfit(at) ??
      (at.c % at.a.groups ? ["groups of channels", { groups: at.a.groups, channels: at.c }] : null),
    channels: (c, a) => a.filters,
    params: (c, a) => (kernel(a) * c * a.filters) / a.groups + bias(a, a.filters),
    work: (c, a, before, after) => (after * kernel(a) * c * a.filters) / a.groups,
  },
  ConvTranspose: {
    early: (a) => mixes(a) ? mixed(a)
      : a.output_padding?.some((p, i) => p >= a.strides[i])
        ? ["output_padding", { output_padding: python(a.output_padding), strides: python(a.strides) }] : null,
    axes: along(stampAxis, stampedBy), stride: ({ s }) => 1 / s,
    channels: (c, a) => a.filters,
    params: (c, a) => kernel(a) * c * a.filters + bias(a, a.filters),
    work: (c, a, before) => before * kernel(a) * c * a.filters,
  },
  DepthwiseConv: {
    ...WINDOWS,
    channels: (c, a) => c * a.depth_multiplier,
    params: (c, a) => (kernel(a) + bias(a, 1)) * c * a.depth_multiplier,
    work: (c, a, before, after) => after * kernel(a) * c * a.depth_multiplier,
  },
  SeparableConv: {
    ...WINDOWS,
    channels: (c, a) => a.filters,
    params: (c, a) => (kernel(a) + a.filters) * c * a.depth_multiplier + bias(a, a.filters),
    work: (c, a, before, after) => after * (kernel(a) + a.filters) * c * a.depth_multiplier,
  },
  Pooling: { ...WINDOWS, channels: kept },
  GlobalPooling: {
    axes: ({ sizes }) => sizes.map((n) => ({ out: 1, back: () => [0, n - 1] })),
    stride: () => NaN, channels: kept, collapses: (a) => !a.keepdims,
  },
  UpSampling: {
    axes: along(({ n, s }) => ({ out: n * s }), ({ s }) => (cells) => cells.map((cell) => Math.floor(cell / s))),
    stride: ({ s }) => 1 / s, channels: kept,
  },
  ZeroPadding: {
    axes: along(({ n, margins: [before, after] }) => ({ out: before + n + after, before }), shifted(-1)),
    stride: () => 1, channels: kept,
  },
  Cropping: {
    axes: along(({ n, margins: [before, after] }) => ({ out: n - before - after, before }), shifted(1)),
    stride: () => 1, channels: kept,
    refuses: ({ axes, sizes, a }) => {
      const i = axes.findIndex(({ out }) => out <= 0);
      return i < 0 ? null
        : ["cropping", { cropping: python(a.cropping), axis: AXES[sizes.length][i], n: sizes[i] }];
    },
  },
  Dense: {
    channels: (c, a) => a.units,
    params: (c, a) => c * a.units + bias(a, a.units),
    work: (c, a, before) => before * c * a.units,
  },
  Flatten: {},
  Activation: {},
  Dropout: {},
  BatchNormalization: { params: (c, a) => c * (2 + a.center + a.scale) },
};

function shifted(sign) {
  return ({ before }) => (cells) => cells.map((cell) => cell + sign * before);
}

function misfit({ axes, sizes, a }) {
  const i = axes.findIndex(({ out }) => out === null);
  if (i < 0) return null;
  const { k, d } = axes[i];
  const window = a.pool_size ? "pool_size" : "kernel_size";
  return [d > 1 ? "dilated window" : "window",
    { window, axis: AXES[sizes.length][i], n: sizes[i], k, d, span: (k - 1) * d + 1 }];
}

// Arguments with defaults, each per axis where it has axes.
function complete({ rank, arguments: rows }, entry) {
  const a = {};
  for (const { name, kind, default: value } of rows) {
    a[name] = entry[name] ?? value;
    if (kind === "axes" && a[name] !== null) a[name] = perAxis(a[name], rank);
    if (kind === "margins") {
      a[name] = rank === 1 ? [perAxis(a[name], 2)] : perAxis(a[name], rank).map((pair) => perAxis(pair, 2));
    }
  }
  if (a.pool_size) a.strides ??= a.pool_size;
  return a;
}

function settingsOf(a, rank) {
  return Array.from({ length: rank }, (_, i) => ({
    k: (a.kernel_size ?? a.pool_size)?.[i] ?? 1, s: (a.strides ?? a.size)?.[i] ?? 1,
    d: a.dilation_rate?.[i] ?? 1, p: a.output_padding?.[i] ?? null,
    margins: (a.cropping ?? a.padding)?.[i], padding: a.padding,
  }));
}

// How many cells of the stack's input, first to last, an output cell reads at most, padding included.
// What cells read repeats itself after as many cells as the stack makes of one.
function fieldOf(backs, out) {
  const period = product(backs.map(({ stride }) => (stride < 1 ? Math.round(1 / stride) : 1)));
  let widest = 0;
  for (let cell = 0; cell < Math.min(out, period, PHASES); cell++) {
    let cells = [cell, cell];
    for (let i = backs.length - 1; i >= 0 && cells; i--) cells = backs[i].back(cells);
    if (cells) widest = Math.max(widest, cells[1] - cells[0] + 1);
  }
  return widest;
}

// The rows of the table: {name, shape, params, work, field, jump} for each layer up to the first
// that cannot be, which has an `error`; null for the layers after it. Shapes are without the batch.
export function stackRows({ catalogue, messages }, inputShape, entries) {
  let shape = inputShape;
  let field = shape.slice(0, -1).map(() => 1);
  let jump = field.slice();
  let backs = field.map(() => []);
  const counts = {};
  let failed = false;
  return entries.map((entry) => {
    if (failed) return null;
    const { family, rank, name: base, ...layer } = catalogue[entry.layer];
    const count = (counts[base] = (counts[base] ?? -1) + 1);
    const name = count ? `${base}_${count}` : base;
    const rule = RULES[family];
    const a = complete({ rank, ...layer }, entry);
    const fail = ([key, received], i) => {
      failed = true;
      const message = i === undefined ? messages[key] : messages[key][i];
      return { name, error: filled(message, received) };
    };
    const early = rule.early?.(a);
    if (early) return fail([early[0], { ...early[1], layer: entry.layer }]);
    if (rank && shape.length !== rank + 1) {
      return fail(["axes", { name, shape: python([null, ...shape]) }], rank - 1);
    }
    const [sizes, c] = [shape.slice(0, -1), shape.at(-1)];
    const axes = rule.axes?.({ sizes, settings: settingsOf(a, rank) });
    const refused = rule.refuses?.({ axes, sizes, a, c });
    if (refused) return fail(refused);
    const outputs = axes ? axes.map(({ out }) => out) : sizes;
    const work = (rule.work ?? none)(c, a, product(sizes), product(outputs));
    const params = (rule.params ?? none)(c, a);
    if (axes) {
      const strides = axes.map(rule.stride);
      backs = backs.map((all, i) => [...all, { back: axes[i].back, stride: strides[i] }]);
      field = backs.map((all, i) => fieldOf(all, outputs[i]));
      jump = jump.map((step, i) => step * strides[i]);
    }
    shape = [...outputs, (rule.channels ?? kept)(c, a)];
    if (family === "Flatten") {
      if (backs.length && sizes.length) field = backs.map((all, i) => fieldOf([...all, { back: () => [0, sizes[i] - 1] }], 1));
      shape = [product(shape)];
    }
    if (family === "Flatten" || rule.collapses?.(a)) {
      shape = shape.slice(-1);
      [backs, jump] = [[], jump.map(() => NaN)];
    }
    return { name, shape, params, work, field, jump };
  });
}

// A jump as a whole number or a fraction; nothing once the axes are gone.
export function fraction(value) {
  for (let below = 1; below <= 65536; below++) {
    const above = Math.round(value * below);
    if (Math.abs(above - value * below) < 1e-9 * below) return below === 1 ? `${above}` : `${above}/${below}`;
  }
  return "–";
}
