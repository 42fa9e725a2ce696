// What the widgets share: elements, controls, numbers, and grids of cells as SVG.

const SVG = "http://www.w3.org/2000/svg";
export const CELL = 34;
const MARGIN = 18;
const BEHIND = 5; // how far each sheet lies behind the one before it
const TWICE = 600; // two taps within so many milliseconds are one wish

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

// Draws once for many changes in a row, from Python or from one control.
export function soon(draw) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      draw();
    });
  };
}

// An id that no other widget of the page has: each brings a copy of this module, so they count together.
export const unique = (name) => `ce-${name}-${(globalThis.ceIds = (globalThis.ceIds ?? 0) + 1)}`;

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
// rows and columns may start below 0, for padding; `behind` sheets peep out behind it. The grid is
// one stop of the Tab key; arrow keys move in it, and `onvisit(r, c)` hears of keys, pointer and
// touch. `onedit(r, c, key)` hears of Enter, a second tap, or the first key of a number.
// `mark(r, c, names, corner)` sets the classes and the corner note of a cell.
export function cellGrid({ label, rows, columns, cell, behind = 0, onvisit, onleave, onedit }) {
  const [firstRow, lastRow] = rows;
  const [firstColumn, lastColumn] = columns;
  const width = (lastColumn - firstColumn) * CELL + MARGIN + 4 + behind * BEHIND;
  const height = (lastRow - firstRow) * CELL + MARGIN + 4 + behind * BEHIND;
  const cells = new Map();
  const marked = new Set();
  const root = shape("svg", {
    class: "ce-grid", width, height, viewBox: `0 0 ${width} ${height}`,
    role: "grid", "aria-label": label, "aria-readonly": String(!onedit), tabindex: 0,
  });
  const x = (c) => MARGIN + (c - firstColumn) * CELL;
  const y = (r) => MARGIN + (r - firstRow) * CELL;
  for (let i = behind; i > 0; i--) {
    root.append(shape("rect", {
      class: "ce-behind", x: MARGIN + 1 + i * BEHIND, y: MARGIN + 1 + i * BEHIND,
      width: (lastColumn - firstColumn) * CELL - 2, height: (lastRow - firstRow) * CELL - 2,
    }));
  }
  for (let c = firstColumn; c < lastColumn; c++) root.append(index(c, x(c) + CELL / 2, MARGIN - 5));
  for (let r = firstRow; r < lastRow; r++) {
    const row = shape("g", { role: "row" });
    root.append(index(r, MARGIN / 2 - 1, y(r) + CELL / 2 + 4), row);
    for (let c = firstColumn; c < lastColumn; c++) {
      const { text, label, kind } = cell(r, c);
      const small = text.length > 3 && `font-size: ${Math.max(48 / text.length, 6)}px`;
      const made = shape(
        "g", {
          role: "gridcell", id: unique("cell"), class: `ce-cell ce-${kind}`, "aria-label": label, "data-at": `${r},${c}`,
        },
        shape("rect", { x: x(c) + 1, y: y(r) + 1, width: CELL - 2, height: CELL - 2 }),
        shape("text", { class: "ce-value", x: x(c) + CELL / 2, y: y(r) + CELL / 2 + 5, style: small }, text),
      );
      cells.set(`${r},${c}`, { made, kind });
      row.append(made);
    }
  }
  let at = [Math.max(firstRow, 0), Math.max(firstColumn, 0)];
  const under = (event) => event.target.closest(".ce-cell")?.dataset.at.split(",").map(Number);
  function visit(r, c) {
    move(r, c);
    onvisit?.(r, c);
  }
  function move(r, c) {
    at = [r, c];
    root.setAttribute("aria-activedescendant", cells.get(`${r},${c}`).made.id);
  }
  if (cells.size) move(...at);
  root.addEventListener("pointerover", (event) => under(event) && visit(...under(event)));
  root.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && onleave?.());
  root.addEventListener("blur", () => onleave?.());
  root.addEventListener("focus", () => cells.size && onvisit?.(...at));
  let tapped = {};
  root.addEventListener("pointerup", (event) => {
    const key = String(under(event));
    if (onedit && key === tapped.key && event.timeStamp - tapped.time < TWICE) onedit(...under(event));
    tapped = { key: under(event) && key, time: event.timeStamp };
  });
  root.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const typing = /^[-−.,\d]$/.test(event.key);
    let [r, c] = at;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (onedit && (typing || event.key === "Enter")) {
      event.preventDefault();
      onedit(r, c, typing ? event.key : undefined);
      return;
    }
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
    found.corner?.remove();
    found.corner = note ? shape("text", { class: "ce-corner", x: x(c) + CELL - 4, y: y(r) + 11 }, note) : null;
    if (note) found.made.append(found.corner);
    marked.add(`${r},${c}`);
  };
  const clear = () => {
    for (const key of marked) mark(...key.split(",").map(Number));
    marked.clear();
  };
  return { root, mark, clear, move, at: () => at, has: (r, c) => cells.has(`${r},${c}`), corner: (r, c) => [x(c), y(r)] };
}

function index(value, x, y) {
  return shape("text", { class: "ce-index", x, y, "aria-hidden": "true" }, number(value));
}
