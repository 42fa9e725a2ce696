// The sum, maximum or mean of a window, written out term by term.

import { reduce, terms } from "./geometry.js";
import { element, number } from "./drawing.js";
import { allTerms } from "./sheets.js";

// Whether `number` shows all of a value.
const exact = (value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-7;

// The terms of one sheet, with the padding marked.
function written(operation, found) {
  return found.flatMap(({ x, w, inside }, i) => {
    const times = operation === "sum" ? `·${w < 0 ? `(${number(w)})` : number(w)}` : "";
    const term = inside ? number(x) + times : element("span", { class: "ce-zero" }, `[0]${times}`);
    return i ? [operation === "max" ? ", " : " + ", term] : [term];
  });
}

// Text and elements that follow "output … = ". `pairs` are the sheets of input and kernel that
// meet, `channels` their numbers.
export function arithmetic(operation, axes, place, pairs, channels) {
  const found = allTerms(axes, place, pairs);
  const shown = operation === "sum" ? found : found.filter(({ inside }) => inside);
  const result = reduce(operation, found);
  const pieces = pairs.length === 1 ? written(operation, shown) : pairs.flatMap((pair, i) => [
    element("span", { class: "ce-note" }, `${i ? " + " : ""}channel ${channels[i]} (`),
    ...written(operation, terms(axes, place, ...pair)), element("span", { class: "ce-note" }, ")"),
  ]);
  if (operation === "max") pieces.unshift("max("), pieces.push(")");
  if (operation === "mean") pieces.unshift("("), pieces.push(`) / ${shown.length}`);
  const all = [result, ...shown.flatMap(({ x, w }) => [x, w])];
  pieces.push(all.every(exact) ? " = " : " ≈ ", element("b", {}, number(result)));
  const pads = found.filter(({ inside }) => !inside).length;
  if (pads) {
    pieces.push(operation === "sum" ? `. [0] is padding, ${pads} of ${found.length}.`
      : `. ${pads} of the ${found.length} cells of the window are padding and not counted.`);
  }
  return pieces;
}
