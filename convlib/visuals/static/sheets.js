// Pure functions: the values of input and kernel, and which of their sheets meet. A sheet is the
// matrix of one channel; steps are a matrix of one row. Arrays are nested lists in Keras' layouts,
// input (*size, channels) and kernel (*size, channels of a group, filters).

import { grid, PRESETS, reduce, terms } from "./geometry.js";

export const at = (array, place) => place.reduce((part, i) => part?.[i], array);

export function nested(shape, value, place = []) {
  if (place.length === shape.length) return value(place);
  return Array.from({ length: shape[place.length] }, (_, i) => nested(shape, value, [...place, i]));
}

// An array of `shape`: the values of `edited` where it has them, of the preset elsewhere.
export function valuesOf(preset, edited, rank, shape) {
  const [rows, columns] = rank === 1 ? [1, shape[0]] : shape;
  const number = (rest) => rest.reduce((sum, i, axis) => sum * shape[rank + axis] + i, 0);
  const count = shape.slice(rank).reduce((product, n) => product * n, 1);
  const sheets = Array.from({ length: count }, (_, sheet) => PRESETS[preset](rows, columns, sheet));
  return nested(shape, (place) => {
    const [r, c] = rank === 1 ? [0, place[0]] : place;
    return at(edited, place) ?? sheets[number(place.slice(rank))][r][c];
  });
}

// The place in an array of the cell (r, c) of a sheet.
export const placeIn = (rank, r, c, rest) => [...(rank === 1 ? [c] : [r, c]), ...rest];

export function sheetOf(array, rank, rest) {
  const [rows, columns] = rank === 1 ? [1, array.length] : [array.length, array[0].length];
  return grid(rows, columns, (r, c) => at(array, placeIn(rank, r, c, rest)));
}

// Which channels meet: `outputs` channels out, `per` channels in each group, where `reads(output)`
// lists the input channels of one output, and `kernel(output, i)` says where its i-th weights are.
// A depthwise layer has a group for each channel.
export function grouping({ depthwise, channels, filters, groups, multiplier }) {
  if (depthwise) {
    return {
      outputs: channels * multiplier,
      shape: [channels, multiplier],
      reads: (output) => [Math.floor(output / multiplier)],
      kernel: (output) => [Math.floor(output / multiplier), output % multiplier],
    };
  }
  const per = Math.max(Math.floor(channels / groups), 1);
  return {
    outputs: filters,
    shape: [per, filters],
    reads: (output) => Array.from({ length: per }, (_, i) => Math.floor((output * groups) / filters) * per + i),
    kernel: (output, i) => [i, output],
  };
}

// The terms of window (r, c) for each [input sheet, kernel sheet] of `pairs`, all in one list.
export const allTerms = (axes, place, pairs) => pairs.flatMap(([x, w]) => terms(axes, place, x, w));

export function outputSheet(axes, operation, pairs) {
  const [rows, columns] = axes;
  return grid(rows.out, columns.out, (r, c) => reduce(operation, allTerms(axes, [r, c], pairs)));
}
