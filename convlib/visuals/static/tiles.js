// A small picture of a matrix: one image to a screen reader, cells that can be lit.

import { number, shape } from "./drawing.js";

const SIDE = 27;

// `rows` and `columns` are [first, end], from below 0 where there is padding; `cell(r, c)` gives
// {text, kind}. `light(places, name)` puts the class `name` on these cells and takes it off others.
export function tiles({ label, rows: [top, bottom], columns: [left, right], cell }) {
  const [width, height] = [(right - left) * SIDE + 4, (bottom - top) * SIDE + 4];
  const root = shape("svg", {
    class: "ce-grid ce-tiles", width, height, viewBox: `-2 -2 ${width} ${height}`, role: "img",
  });
  const cells = new Map();
  const spoken = [];
  for (let r = top; r < bottom; r++) {
    const words = [];
    for (let c = left; c < right; c++) {
      const { text, kind } = cell(r, c);
      const [x, y] = [(c - left) * SIDE, (r - top) * SIDE];
      const made = shape("g", { class: `ce-cell ce-${kind}` },
        shape("rect", { x, y, width: SIDE, height: SIDE }),
        shape("text", { class: "ce-value", x: x + SIDE / 2, y: y + SIDE / 2 + 4 }, text));
      cells.set(`${r},${c}`, { made, kind });
      root.append(made);
      words.push(kind === "padding" ? `[${text}]` : text);
    }
    spoken.push(words.join(" "));
  }
  root.setAttribute("aria-label", `${label}: ${spoken.join("; ")}`);
  let lit = [];
  const light = (places, name) => {
    for (const { made, kind } of lit) made.setAttribute("class", `ce-cell ce-${kind}`);
    lit = places.map(([r, c]) => cells.get(`${r},${c}`));
    for (const { made, kind } of lit) {
      made.setAttribute("class", `ce-cell ce-${kind} ${name}`);
      root.append(made); // on top, so that its outline is whole
    }
  };
  return { root, light };
}

// A matrix without padding.
export function matrixTiles(label, kind, values) {
  return tiles({
    label, rows: [0, values.length], columns: [0, values[0].length],
    cell: (r, c) => ({ text: number(values[r][c]), kind }),
  });
}
