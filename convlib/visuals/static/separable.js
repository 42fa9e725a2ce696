// The separable explorer: a kernel for each channel, then a mix of the channels, and their cost.

import { axis, terms } from "./geometry.js";
import { cellGrid, element, number, slider, soon } from "./drawing.js";
import { channelValues, costs, depthwise, mixed, pointwise, whole } from "./channels.js";
import { axisSliders, figure, form, selectors, stepped, stepper } from "./settings.js";
import { matrixTiles, tiles } from "./tiles.js";

const NAMES = { input_size: "input", kernel_size: "kernel", strides: "stride" };
const COUNTS = { channels: "channels", depth_multiplier: "depth multiplier", filters: "filters" };
const AXES = ["height", "width"];
const INPUT_DIGITS = [0, 1, 2, 3];
const WEIGHT_DIGITS = [1, -1, 2, 0, 1];

function render({ model, el }) {
  const rules = model.get("_rules");
  const alert = element("p", { class: "ce-refusal", role: "alert", hidden: "" });
  const stage = element("div", { class: "ce-stage ce-channels" });
  const first = element("div", {
    class: "ce-formula ce-first-stage", role: "group", "aria-label": "first stage, depthwise", tabindex: 0,
  });
  const sum = element("p", { class: "ce-arithmetic", role: "status", "aria-live": "polite" });
  const bars = element("div", { class: "ce-bars" });
  let parts = null;

  const put = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };

  // -- settings

  const limits = Object.fromEntries(Object.keys(NAMES).map((name, i) => [name, rules.limits[i]]));
  const sliders = axisSliders({ model, names: NAMES, limits, axisNames: AXES, put });
  const counts = countSliders();
  const words = selectors({ model, put, choices: {
    padding: ["padding", ["valid", "same"]],
    input_values: ["input values", model.get("_values").input],
    kernel_values: ["kernel values", model.get("_values").kernel],
  } });

  function countSliders() {
    const made = Object.entries(COUNTS).map(([name, label]) => ({ name, ...slider({
      label, min: 1, max: model.get("_counts")[name], value: model.get(name), onchange: (value) => put(name, value),
    }) }));
    const fields = element("div", { class: "ce-fields" }, ...made.map(({ field }) => field));
    return { parts: [fields], set: () => made.forEach(({ name, set }) => set(model.get(name))) };
  }

  // -- drawing

  const place = (r, c) => `row ${number(r)}, column ${number(c)}`;

  function draw() {
    const axes = AXES.map((_, i) => axis(rules, {
      size: model.get("input_size")[i], kernel: model.get("kernel_size")[i], stride: model.get("strides")[i],
      dilation: 1, padding: model.get("padding"),
    }));
    const refused = axes.includes(null);
    sliders.mark(refused ? ["input_size", "kernel_size"] : []);
    alert.hidden = !refused;
    alert.replaceChildren(refused ? "The kernel does not fit: it is larger than the input. Choose a smaller one, " +
      "a larger input, or padding same. The picture still shows the layer before." : "");
    if (refused) return;
    const [rows, columns] = axes;
    const [channels, multiplier, filters] = Object.keys(COUNTS).map((name) => model.get(name));
    const x = channelValues(model.get("input_values"), channels, rows.size, columns.size, INPUT_DIGITS);
    const w = channelValues(model.get("kernel_values"), channels * multiplier, rows.kernel, columns.kernel, WEIGHT_DIGITS);
    const [weights] = channelValues("random", 1, channels * multiplier, filters, WEIGHT_DIGITS);
    const deep = depthwise(axes, x, w);
    const y = pointwise(axes, deep, weights);
    const inputs = x.map((values, channel) => inputTiles(axes, values, channel));
    const kernels = w.map((values, i) => matrixTiles(`Depthwise kernel ${i}`, "kernel", values));
    const deepTiles = deep.map((values, i) => matrixTiles(`Depthwise channel ${i}`, "deep", values));
    const mix = matrixTiles("Pointwise weights, a row for each depthwise channel, a column for each filter", "kernel", weights);
    const grids = y.map((values, filter) => cellGrid({
      label: `Output of filter ${filter}`, rows: [0, rows.out], columns: [0, columns.out],
      cell: (r, c) => ({
        text: number(values[r][c]), kind: "output", label: `filter ${filter} ${place(r, c)}: ${number(values[r][c])}`,
      }),
      onvisit: (r, c) => put("selected", [filter, r, c]),
    }));
    parts = { axes, x, w, weights, deep, y, multiplier, filters, inputs, deepTiles, mix, grids };
    const group = (name, ...figures) => element("div", { class: "ce-channel", role: "group", "aria-label": name },
      element("div", { class: "ce-channel-name" }, name), ...figures);
    stage.replaceChildren(
      ...inputs.map(({ root }, channel) => {
        const own = [...Array(multiplier).keys()].map((m) => channel * multiplier + m);
        return group(`channel ${channel}`, figure("input", root),
          ...own.map((i) => element("div", { class: "ce-stage ce-pair" },
            figure(`kernel ${i}`, kernels[i].root), figure(`depthwise ${i}`, deepTiles[i].root))));
      }),
      group("pointwise", figure("weights: depthwise channel × filter", mix.root)),
      ...grids.map(({ root }, filter) => group(`filter ${filter}`, figure("output", root))),
    );
    drawBars(costs(axes, { channels, multiplier, filters }), multiplier, filters, rows.kernel * columns.kernel);
    showSums();
  }

  function inputTiles([rows, columns], values, channel) {
    return tiles({
      label: `Input channel ${channel}, padding in brackets`,
      rows: [-rows.before, rows.size + rows.after], columns: [-columns.before, columns.size + columns.after],
      cell: (r, c) => values[r]?.[c] === undefined ? { text: "0", kind: "padding" } : { text: number(values[r][c]), kind: "input" },
    });
  }

  // For each kind of cost a bar for the layer, in its parts, and one for the full convolution.
  function drawBars(found, multiplier, filters, taps) {
    bars.replaceChildren(...Object.entries(found).map(([what, layers]) => {
      const most = Math.max(...Object.values(layers).map(whole));
      const [own, full] = [whole(layers.SeparableConv2D), whole(layers.Conv2D)];
      const why = what === "multiply-adds"
        ? `: multiplier / filters + multiplier / kernel cells = ${multiplier}/${filters} + ${multiplier}/${taps}` : "";
      return element("div", { role: "group", "aria-label": what }, element("div", { class: "ce-caption" }, what),
        ...Object.entries(layers).map(([layer, found]) => bar(layer, found, most)),
        element("p", { class: "ce-ratio" }, `SeparableConv2D / Conv2D = ${own}/${full} = ${number(own / full)}${why}.`));
    }));
  }

  function bar(layer, found, most) {
    const words = found.map(([name, n]) => `${n} ${name}`).join(" + ");
    return element("div", { class: "ce-bar" },
      element("div", {}, `${layer}: ${words}`, ...(found.length > 1 ? [" = ", element("b", {}, String(whole(found)))] : [])),
      element("div", { class: "ce-bar-track", "aria-hidden": "true" }, ...found.map(([name, n]) =>
        element("div", { class: `ce-bar-${name}`, style: `width: ${(100 * n) / most}%` }))));
  }

  // -- lighting and arithmetic

  const selected = () => {
    const { axes: [rows, columns], filters } = parts;
    return [filters, rows.out, columns.out].map((size, i) => Math.min(model.get("selected")[i], size - 1));
  };
  const factor = (value) => (value < 0 ? `(${number(value)})` : number(value));
  const products = (found) => found.flatMap(({ x, w, inside = true }, i) => [
    i ? " + " : "", inside ? `${factor(x)}·${factor(w)}` : element("span", { class: "ce-zero" }, `[0]·${factor(w)}`),
  ]);

  function showSums() {
    const { axes, x, w, weights, deep, multiplier, inputs, deepTiles, mix, grids } = parts;
    const [filter, r, c] = selected();
    const windows = w.map((kernel, i) => terms(axes, [r, c], x[Math.floor(i / multiplier)], kernel));
    for (const input of inputs) input.light(windows[0].map(({ row, column }) => [row, column]), "ce-tap");
    for (const one of deepTiles) one.light([[r, c]], "ce-tap");
    mix.light(deep.map((_, i) => [i, filter]), "ce-chosen");
    grids.forEach((one, i) => {
      one.clear();
      if (i === filter) one.mark(r, c, "ce-chosen"), one.move(r, c);
    });
    first.replaceChildren(...windows.map((found, i) => element("p", {},
      `depthwise ${i}, from channel ${Math.floor(i / multiplier)} = `, ...products(found), " = ", element("b", {}, number(deep[i][r][c])))));
    const found = mixed(deep, weights, filter, [r, c]);
    sum.replaceChildren(`filter ${filter}, ${place(r, c)} = `, ...products(found), " = ", element("b", {}, number(parts.y[filter][r][c])));
  }

  const player = stepper({
    label: "Step through the output", what: "cells",
    step: (by) => {
      if (!parts) return;
      const { axes: [rows, columns], filters } = parts;
      put("selected", stepped(selected(), [filters, rows.out, columns.out], by));
    },
  });
  el.classList.add("ce-widget");
  el.append(element("div", { class: "ce-title" }, "SeparableConv2D: each channel by itself, then all of them mixed"),
    form(sliders, counts, words), alert, stage, player.field,
    element("div", { class: "ce-caption" }, "first stage, depthwise"), first,
    element("div", { class: "ce-caption" }, "second stage, pointwise (the bias is 0)"), sum, bars);
  draw();
  const redraw = soon(() => {
    for (const { set } of [sliders, counts, words]) set();
    draw();
  });
  for (const name of [...Object.keys(NAMES), ...Object.keys(COUNTS), "padding", "input_values", "kernel_values"]) {
    model.on(`change:${name}`, redraw);
  }
  model.on("change:selected", () => parts && showSums());
  return player.stop;
}

export default { render };
