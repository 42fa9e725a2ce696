// What the explorers of layers share in their hands: sliders for numbers along axes, and a player.

import { choice, element, slider } from "./drawing.js";

// Sliders for traits that have one number for each axis: `names` {trait: label}, `limits` {trait:
// largest}. With two axes a box splits each slider in two. `mark(traits)` marks what cannot be.
export function axisSliders({ model, names, limits, axisNames, put }) {
  const together = element("div", { class: "ce-fields" });
  const apart = element("div", { class: "ce-fields", hidden: "" });
  const made = Object.entries(names).map(([name, label]) => {
    const range = { min: 1, max: limits[name] };
    const both = slider({
      label, ...range, value: model.get(name)[0],
      onchange: (value) => put(name, axisNames.map(() => value)),
    });
    const each = axisNames.map((axisName, i) => slider({
      label: `${label} ${axisName}`, ...range, value: model.get(name)[i],
      onchange: (value) => put(name, model.get(name).map((old, j) => (j === i ? value : old))),
    }));
    together.append(both.field);
    apart.append(...each.map(({ field }) => field));
    return { name, both, each };
  });
  const parts = [together, apart];
  if (axisNames.length > 1) {
    const different = Object.keys(names).some((name) => model.get(name)[0] !== model.get(name)[1]);
    const split = (yes) => ([together.hidden, apart.hidden] = [yes, !yes]);
    const box = element("input", { type: "checkbox", onchange: () => split(box.checked) });
    split((box.checked = different));
    parts.push(element("label", { class: "ce-field" }, box, "height and width apart"));
  }
  const set = () => made.forEach(({ name, both, each }) => {
    both.set(model.get(name)[0]);
    each.forEach((one, i) => one.set(model.get(name)[i]));
  });
  const mark = (wrong) => made.forEach(({ name, both, each }) => {
    for (const { field } of [both, ...each]) {
      field.querySelector("input").setAttribute("aria-invalid", wrong.includes(name));
    }
  });
  return { parts, set, mark };
}

// Choices among words for `choices` {trait: [label, words, from word to value]}.
export function selectors({ model, put, choices }) {
  const fields = element("div", { class: "ce-fields" });
  const made = Object.entries(choices).map(([name, [label, options, toValue = (word) => word]]) => {
    const shown = () => String(model.get(name) ?? "none");
    const one = choice({ label, options, value: shown(), onchange: (word) => put(name, toValue(word)) });
    fields.append(one.field);
    return { name, field: one.field, set: () => one.set(shown()) };
  });
  const set = () => made.forEach((one) => one.set());
  const mark = (wrong) => made.forEach(({ name, field }) =>
    field.querySelector("select").setAttribute("aria-invalid", wrong.includes(name)));
  return { parts: [fields], set, mark };
}

// The settings of a widget, in the order given.
export function form(...groups) {
  return element("div", { class: "ce-controls", role: "group", "aria-label": "Settings" },
    ...groups.flatMap(({ parts }) => parts));
}

// A picture under its caption.
export function figure(caption, root) {
  return element("div", { class: "ce-figure" }, element("div", { class: "ce-caption" }, caption),
    element("div", { class: "ce-scroll" }, root));
}

// Buttons that call `step(1)` and `step(-1)`, and one that calls `step(1)` again and again while it is
// seen: readers who want no motion are not offered it.
export function stepper({ label, what, step }) {
  let timer = null;
  let speed = 2;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  };
  const start = () => {
    timer = setInterval(() => (play.getClientRects().length ? step(1) : stop()), 1000 / speed);
    play.textContent = "Pause";
  };
  const play = element("button", { type: "button", class: "ce-motion", onclick: () => (timer ? stop() : start()) }, "Play");
  const pace = slider({
    label: `${what} per second`, min: 1, max: 10, value: speed,
    onchange: (value) => {
      speed = value;
      if (timer) stop(), start();
    },
  });
  pace.field.classList.add("ce-motion");
  const field = element(
    "div", { class: "ce-player", role: "group", "aria-label": label },
    element("button", { type: "button", onclick: () => step(-1) }, "Previous"), play,
    element("button", { type: "button", onclick: () => step(1) }, "Next"), pace.field,
  );
  return { field, stop };
}

// The position `by` steps after `at` in a box of `sizes`, the last counting fastest, round and round.
export function stepped(at, sizes, by) {
  const total = sizes.reduce((product, size) => product * size, 1);
  let index = sizes.reduce((sum, size, i) => sum * size + at[i], 0);
  index = (index + by + total) % total;
  return sizes.map((_, i) => {
    const rest = sizes.slice(i + 1).reduce((product, size) => product * size, 1);
    return Math.floor(index / rest) % sizes[i];
  });
}
