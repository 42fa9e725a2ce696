// The window explorer's controls of values, channels and sheets.

import { choice, element, slider } from "./drawing.js";
import { PRESETS } from "./geometry.js";

const COUNTS = { channels: "input channels", filters: "filters", groups: "groups", depth_multiplier: "depth multiplier" };
const EDITED = "edited";

// A choice of ready-made values for "input" or "kernel", which says "edited" while the reader's own
// are shown.
export function presetChoice({ model, name, put }) {
  const { field, set } = choice({
    label: `${name} values`, options: [...Object.keys(PRESETS), EDITED], value: model.get(`${name}_values`),
    onchange: (value) => put({ [`${name}_values`]: value, [`${name}_array`]: [] }),
  });
  const edited = field.querySelector(`[value="${EDITED}"]`);
  return { field, set: () => {
    edited.hidden = edited.disabled = !model.get(`${name}_array`).length;
    set(edited.hidden ? model.get(`${name}_values`) : EDITED);
  } };
}

// Sliders for the counts of `limits` {trait: largest}, folded away while there is one channel.
export function channelCounts({ model, limits, put }) {
  const made = Object.entries(limits).map(([name, max]) => ({ name, ...slider({
    label: COUNTS[name], min: 1, max, value: model.get(name), onchange: (value) => put(name, value),
  }) }));
  const open = made.some(({ name }) => model.get(name) > 1) && "open";
  const field = element("details", { open }, element("summary", {}, "channels"),
    element("div", { class: "ce-fields" }, ...made.map(({ field }) => field)));
  return { parts: made.length ? [field] : [], set: () => made.forEach(({ name, set }) => set(model.get(name))) };
}

// Which sheet of the input and which of the output is shown: `draw([channel, output], grouped)`.
export function sheetChoice(put) {
  const field = element("div", { class: "ce-fields ce-controls", role: "group", "aria-label": "Sheets shown" });
  let drawn = null;
  const select = (label, count, value, onchange) => choice({
    label, options: Array.from({ length: count }, (_, i) => String(i)), value: String(value),
    onchange: (word) => onchange(Number(word)),
  }).field;
  const draw = ([channel, output], { channels, outputs, reads }) => {
    const key = [channel, channels, output, outputs].join();
    field.hidden = channels * outputs === 1;
    if (key === drawn) return;
    const focused = [...field.children].findIndex((one) => one.contains(document.activeElement));
    field.replaceChildren(
      select("input channel", channels, channel, (value) => put("shown", [value, output])),
      select("output channel", outputs, output, (value) =>
        put("shown", [reads(value).includes(channel) ? channel : reads(value)[0], value])),
    );
    field.children[focused]?.querySelector("select").focus();
    drawn = key;
  };
  return { field, draw };
}
