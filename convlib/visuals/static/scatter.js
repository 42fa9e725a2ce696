// Pure functions of a transposed convolution: where stamps land and what they add up to. No rule of
// sizes or crops is written here; `rules` carries them, computed by convlib.padding.

import { grid } from "./geometry.js";

const EXACT = 1e6;

// One axis under `settings` {size, kernel, stride, dilation, padding, extra}, `extra` being
// output_padding: the output, what the crop drops before and after it, the full scatter, and the
// zeros beyond the scatter; null if no layer can be like that.
export function scatterAxis(rules, settings) {
  const { size, kernel, stride, dilation, padding, extra } = settings;
  const [, kernels, strides, dilations] = rules.limits;
  const index = (((size - 1) * kernels + kernel - 1) * strides + stride - 1) * dilations + dilation - 1;
  const code = rules.table[`${padding} ${extra}`].slice(4 * index, 4 * index + 4);
  if (code[0] === "-") return null;
  const [out, before, after, full] = [...code].map((digit) => parseInt(digit, 36));
  const span = (kernel - 1) * dilation + 1;
  return { ...settings, out, before, after, full, span, beyond: out + before + after - full };
}

// The output cell on which tap `tap` of the stamp of input cell `cell` lands; a crop may drop it.
export function landing(axis, cell, tap) {
  return cell * axis.stride + tap * axis.dilation - axis.before;
}

// What reaches output cell `at` along an axis: pairs of an input cell and a tap.
export function sources(axis, at) {
  const found = [];
  for (let cell = 0; cell < axis.size; cell++) {
    for (let tap = 0; tap < axis.kernel; tap++) {
      if (landing(axis, cell, tap) === at) found.push({ cell, tap });
    }
  }
  return found;
}

// Whether the crop keeps output cell (r, c).
export const kept = ([rows, columns], r, c) => r >= 0 && r < rows.out && c >= 0 && c < columns.out;

// The products that add up to output cell (r, c).
export function arrivals([rows, columns], [r, c], input, kernel) {
  const across = sources(columns, c);
  return sources(rows, r).flatMap(({ cell: row, tap: i }) => across.map(({ cell: column, tap: j }) => (
    { row, column, i, j, x: input[row][column], w: kernel[i][j] })));
}

// Where the stamp of input cell (r, c) lands, and with which weight.
export function stamp(axes, [r, c], kernel) {
  const [rows, columns] = axes;
  return grid(rows.kernel, columns.kernel, (i, j) => {
    const [row, column] = [landing(rows, r, i), landing(columns, c, j)];
    return { row, column, i, j, w: kernel[i][j], kept: kept(axes, row, column) };
  }).flat();
}

// The taps of the flipped kernel over output cell `at`: the cell of the zero-stuffed input that each
// reads. Input cell i lies at i * stride there, zeros everywhere else.
export function stuffed(axis, at) {
  return Array.from({ length: axis.kernel }, (_, tap) => ({ at: at + axis.before - tap * axis.dilation, tap }));
}

// The input cell at `at` of the zero-stuffed input, or -1 where a zero is.
export function unstuffed(axis, at) {
  return at >= 0 && at % axis.stride === 0 && at / axis.stride < axis.size ? at / axis.stride : -1;
}

// How many stamps reach a cell away from the edges, for each remainder by the stride.
export function phases(axis) {
  return Array.from({ length: axis.stride }, (_, phase) =>
    Array.from({ length: axis.kernel }, (_, tap) => tap * axis.dilation % axis.stride)
      .filter((remainder) => remainder === phase).length);
}

export function total(products) {
  return Math.round(products.reduce((sum, { x, w }) => sum + x * w, 0) * EXACT) / EXACT;
}

// All cells of the scatter and the zeros beyond it; the first is cell (-before, -before).
export function scattered(axes, input, kernel) {
  const [rows, columns] = axes;
  return grid(rows.full + rows.beyond, columns.full + columns.beyond, (r, c) =>
    total(arrivals(axes, [r - rows.before, c - columns.before], input, kernel)));
}

// The convolution whose input gradient the layer is, of the layer's own output: the same stamps,
// read. What the crop dropped is its padding.
export function backwards(axes, output, kernel) {
  const [rows, columns] = axes;
  return grid(rows.size, columns.size, (r, c) => total(readings(axes, [r, c], output, kernel)));
}

// The terms of one window of that convolution.
export function readings(axes, at, output, kernel) {
  const [rows, columns] = axes;
  return stamp(axes, at, kernel).map((tap) => (
    { ...tap, x: tap.kept ? output[tap.row + rows.before][tap.column + columns.before] : 0 }));
}
