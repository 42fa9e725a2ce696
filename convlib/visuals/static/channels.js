// Pure functions of a separable convolution: its values and what it costs.

import { grid, outputs, PRESETS } from "./geometry.js";

const FIRST_RANDOM = -4; // the smallest number of PRESETS.random

// `count` matrices of ready-made values. Random ones differ, and take their numbers from `digits`,
// so that sums over all channels stay short.
export function channelValues(name, count, rows, columns, digits) {
  const small = (row) => row.map((value) => digits[(value - FIRST_RANDOM) % digits.length]);
  return Array.from({ length: count }, (_, i) => (
    name === "random" ? PRESETS.random(rows, columns, i).map(small) : PRESETS[name](rows, columns)));
}

// The depthwise half: kernel c * multiplier + m on channel c.
export function depthwise(axes, input, kernels) {
  const multiplier = kernels.length / input.length;
  return kernels.map((kernel, i) => outputs(axes, "sum", input[Math.floor(i / multiplier)], kernel));
}

// The products that add up to cell (r, c) of filter `filter`, one for each depthwise channel;
// `weights` are (channels, filters).
export function mixed(deep, weights, filter, [r, c]) {
  return deep.map((values, i) => ({ x: values[r][c], w: weights[i][filter] }));
}

// The pointwise half.
export function pointwise([rows, columns], deep, weights) {
  return weights[0].map((_, filter) => grid(rows.out, columns.out, (r, c) =>
    mixed(deep, weights, filter, [r, c]).reduce((sum, { x, w }) => sum + x * w, 0)));
}

// What the layer costs beside the Conv2D with the same kernel size, strides, padding and filters:
// parameters, and multiply-adds over all output cells. Each has its parts, [name, number].
export function costs([rows, columns], { channels, multiplier, filters }) {
  const taps = rows.kernel * columns.kernel;
  const separable = [["depthwise", taps * channels * multiplier], ["pointwise", channels * multiplier * filters]];
  const full = [["kernel", taps * channels * filters]];
  const bias = ["bias", filters];
  const everywhere = ([name, n]) => [name, n * rows.out * columns.out];
  return {
    parameters: { SeparableConv2D: [...separable, bias], Conv2D: [...full, bias] },
    "multiply-adds": { SeparableConv2D: separable.map(everywhere), Conv2D: full.map(everywhere) },
  };
}

export const whole = (costParts) => costParts.reduce((sum, [, n]) => sum + n, 0);
