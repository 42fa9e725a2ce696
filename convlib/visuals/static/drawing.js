// What the widgets share: elements, controls, numbers, and grids of cells as SVG.

const SVG = "http://www.w3.org/2000/svg";
export const CELL = 34;
const MARGIN = 18;

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

export function shape(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

function setAttributes(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value);
  }
}

// A number as the reader writes it: at most two decimals, a real minus sign.
export function number(value) {
  return String(Math.round(value * 100) / 100).replace("-", "−");
}

let count = 0;
export const unique = (name) => `ce-${name}-${++count}`;

// A labelled range input that shows its value.
export function slider({ label, min, max, value, onchange }) {
  const id = unique("slider");
  const shown = element("span", { class: "ce-number", "aria-hidden": "true" }, String(value));
  const input = element("input", { id, type: "range", min, max, step: 1, value });
  input.addEventListener("input", () => {
    shown.textContent = input.value;
    onchange(Number(input.value));
  });
  const field = element("div", { class: "ce-field" }, element("label", { for: id }, label), input, shown);
  return { field, set: (value) => (shown.textContent = input.value = String(value)) };
}

// A labelled choice among words.
export function choice({ label, options, value, onchange }) {
  const id = unique("choice");
  const input = element("select", { id, onchange: () => onchange(input.value) });
  input.append(...options.map((option) => element("option", { value: option }, option)));
  input.value = value;
  const field = element("div", { class: "ce-field" }, element("label", { for: id }, label), input);
  return { field, set: (value) => (input.value = value) };
}

// A grid of cells as SVG, with its indices along the edges. `cell(r, c)` gives {text, label, kind};
// rows and columns may start below 0, for padding. The grid is one stop of the Tab key; arrow keys
// move in it, and `onvisit(r, c)` hears of keys, pointer and touch. `mark(r, c, names, corner)` sets
// the classes and the corner note of a cell.
export function cellGrid({ label, rows, columns, cell, onvisit, onleave }) {
  const [firstRow, lastRow] = rows;
  const [firstColumn, lastColumn] = columns;
  const width = (lastColumn - firstColumn) * CELL + MARGIN + 4;
  const height = (lastRow - firstRow) * CELL + MARGIN + 4;
  const cells = new Map();
  const root = shape("svg", {
    class: "ce-grid", width, height, viewBox: `0 0 ${width} ${height}`,
    role: "grid", "aria-label": label, tabindex: 0,
  });
  const x = (c) => MARGIN + (c - firstColumn) * CELL;
  const y = (r) => MARGIN + (r - firstRow) * CELL;
  for (let c = firstColumn; c < lastColumn; c++) root.append(index(c, x(c) + CELL / 2, MARGIN - 5));
  for (let r = firstRow; r < lastRow; r++) {
    const row = shape("g", { role: "row" });
    root.append(index(r, MARGIN / 2 - 1, y(r) + CELL / 2 + 4), row);
    for (let c = firstColumn; c < lastColumn; c++) {
      const { text, label, kind } = cell(r, c);
      const corner = shape("text", { class: "ce-corner", x: x(c) + CELL - 3, y: y(r) + 10 });
      const made = shape(
        "g", { role: "gridcell", id: unique("cell"), class: `ce-cell ce-${kind}`, "aria-label": label },
        shape("rect", { x: x(c), y: y(r), width: CELL, height: CELL }),
        shape("text", { class: "ce-value", x: x(c) + CELL / 2, y: y(r) + CELL / 2 + 5 }, text), corner,
      );
      made.addEventListener("pointerenter", () => visit(r, c));
      made.addEventListener("pointerdown", () => visit(r, c));
      cells.set(`${r},${c}`, { made, corner, kind });
      row.append(made);
    }
  }
  let at = [Math.max(firstRow, 0), Math.max(firstColumn, 0)];
  function visit(r, c) {
    move(r, c);
    onvisit?.(r, c);
  }
  function move(r, c) {
    at = [r, c];
    root.setAttribute("aria-activedescendant", cells.get(`${r},${c}`).made.id);
  }
  if (cells.size) move(...at);
  root.addEventListener("pointerleave", () => onleave?.());
  root.addEventListener("blur", () => onleave?.());
  root.addEventListener("focus", () => cells.size && onvisit?.(...at));
  root.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    let [r, c] = at;
    if (step) [r, c] = [r + step[0], c + step[1]];
    else if (event.key === "Home") c = firstColumn;
    else if (event.key === "End") c = lastColumn - 1;
    else return;
    event.preventDefault();
    if (cells.has(`${r},${c}`)) visit(r, c);
  });
  const mark = (r, c, names = "", note = "") => {
    const found = cells.get(`${r},${c}`);
    if (!found) return;
    found.made.setAttribute("class", `ce-cell ce-${found.kind} ${names}`);
    found.corner.textContent = note;
    if (names) found.made.parentNode.append(found.made); // on top, so that its outline is whole
  };
  const clear = () => {
    for (const key of cells.keys()) mark(...key.split(",").map(Number));
  };
  return { root, mark, clear, move };
}

function index(value, x, y) {
  return shape("text", { class: "ce-index", x, y, "aria-hidden": "true" }, number(value));
}
