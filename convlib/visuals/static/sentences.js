// What the transposed explorer says of an axis, with its numbers put in.

import { phases } from "./scatter.js";

// The length of the output, and what is dropped from the scatter.
export function lengthSentence({ size, kernel, stride, dilation, padding, extra, out, before, after, full, span, beyond }) {
  const spans = dilation > 1 ? `span (${kernel} − 1)·${dilation} + 1 = ${span}; ` : "";
  const last = {
    valid: extra === "none" ? `max(${span}, ${stride})` : `${span} + ${extra}`,
    same: `${span} mod 2 + ${extra}`,
  }[padding];
  const length = padding === "same" && extra === "none" ? `${size}·${stride}` : `(${size} − 1)·${stride} + ${last}`;
  const drop = before + after ? `${before} dropped before, ${after} after` : "none is dropped";
  const more = beyond ? `, ${beyond} ${beyond === 1 ? "zero follows" : "zeros follow"}` : "";
  const refused = padding === "same" && extra === 0 && span % 2 === 0 ? " TensorFlow refuses to compute this layer." : "";
  return `${spans}output ${length} = ${out}; ` +
    `the scatter has (${size} − 1)·${stride} + ${span} = ${full} cells, ${drop}${more}.${refused}`;
}

// The same axis of the convolution whose input gradient this is: the crop is its padding.
export function forwardSentence({ size, stride, out, before, after, span }) {
  const pads = before + after;
  const padded = pads ? `${out} + ${pads}` : out;
  return `the convolution with padding ${before} before, ${after} after has ` +
    `⌊(${padded} − ${span}) / ${stride}⌋ + 1 = ${size} outputs; the layer is its input gradient.`;
}

const isEven = (axis) => phases(axis).every((n, _, counts) => n === counts[0]);

// Whether the stamps overlap evenly away from the edges, and why.
export function overlapSentence(name, axis) {
  const { kernel, stride } = axis;
  const counts = phases(axis);
  const even = isEven(axis);
  const why = stride === 1 ? "the stride is 1"
    : `the kernel size ${kernel} is ${even ? "" : "not "}divisible by the stride ${stride}`;
  const turns = `${counts.slice(0, -1).join(", ")} and ${counts.at(-1)} stamps in turn`;
  const what = even
    ? `even: every cell away from the edges is reached by ${counts[0]} ${counts[0] === 1 ? "stamp" : "stamps"}`
    : `uneven: cells away from the edges are reached by ${turns}`;
  return `Overlaps along the ${name} are ${what}, because ${why}.`;
}

// What uneven overlaps along both axes look like together.
export function patternSentence(axes) {
  return axes.some(isEven) ? "" : "Uneven along both axes, they make a checkerboard.";
}
