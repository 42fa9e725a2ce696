// Cells that a reader fills: what is a number, and the field that opens over a cell of a grid.

import { cellGrid, element, unique } from "./drawing.js";

const LARGEST = 1000;

// The number that was typed, with a comma or a point; null if it is none, or too large.
export function typedNumber(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  const value = /^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
  return Math.abs(value) <= LARGEST ? value : null;
}

export const typingProblem = (what, text) =>
  `${what} takes a number from −${LARGEST} to ${LARGEST}, not “${text}”.`;

// The message that tells what is wrong; empty, it is not there.
export function messageBox() {
  const box = element("p", { id: unique("problem"), class: "ce-refusal", role: "alert", hidden: "" });
  const say = (text) => ([box.textContent, box.hidden] = [text, !text]);
  return { box, say };
}

// Open a field over the cell `at` of `grid`; `typed` is what was typed already. Enter, or leaving the
// field, keeps a good number, and `onkeep(value)` hears of it; Escape leaves the cell as it was.
function openField({ grid, at, label, old, typed, message, onkeep }) {
  const [left, top] = grid.corner(...at);
  const field = element("input", {
    class: "ce-edit", type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": label,
    "aria-describedby": message.box.id, style: `left: ${left}px; top: ${top}px`,
  });
  let open = true;
  const check = () => {
    const value = typedNumber(field.value);
    field.setAttribute("aria-invalid", String(value === null));
    message.say(value === null ? typingProblem("A cell", field.value) : "");
    return value;
  };
  const close = (value, byKey) => {
    if (!open) return;
    open = false;
    field.remove();
    message.say("");
    if (byKey) grid.root.focus();
    if (value !== null) onkeep(value);
  };
  field.addEventListener("input", check);
  field.addEventListener("blur", () => close(typedNumber(field.value), false));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(null, true);
    if (event.key !== "Enter") return;
    const value = check();
    if (value !== null) close(value, true);
  });
  field.value = typed ?? String(old);
  grid.root.parentNode.append(field);
  field.focus();
  if (!typed) field.select();
}

// A grid of cells in which those of `sheet`, a matrix, can be edited: `onkeep(r, c, value)` hears of
// each change. `place(r, c)` says where a cell is, in words.
export function editableGrid({ name, sheet, place, message, onkeep, ...options }) {
  const grid = cellGrid({
    ...options,
    onedit: (r, c, typed) => {
      const old = sheet[r]?.[c];
      if (old === undefined) return; // padding stays zero
      openField({
        grid, at: [r, c], label: `new value of ${name} ${place(r, c)}`, old, typed, message,
        onkeep: (value) => value !== old && onkeep(r, c, value),
      });
    },
  });
  return grid;
}
