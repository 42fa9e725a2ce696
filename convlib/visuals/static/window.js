// The window explorer: an input, a window that slides over it, the output, and the arithmetic.

import { axis, reach, terms } from "./geometry.js";
import { cellGrid, element, number, soon } from "./drawing.js";
import { at, grouping, nested, outputSheet, placeIn, sheetOf, valuesOf } from "./sheets.js";
import { arithmetic } from "./arithmetic.js";
import { axisSliders, figure, form, selectors, stepped, stepper } from "./settings.js";
import { channelCounts, presetChoice, sheetChoice } from "./sheetcontrols.js";
import { editableGrid, messageBox } from "./editing.js";
import { call, lengthRule, refusal, shapeOf } from "./wording.js";

const NAMES = { input_size: "input", kernel_size: "kernel", strides: "stride", dilation_rate: "dilation" };
const NO_AXIS = { size: 1, kernel: 1, stride: 1, dilation: 1, padding: "valid" };

function render({ model, el }) {
  const layer = model.get("layer");
  const rank = model.get("input_size").length;
  const axisNames = rank === 1 ? ["steps"] : ["height", "width"];
  const operation = layer.startsWith("Max") ? "max" : layer.startsWith("Average") ? "mean" : "sum";
  const depthwise = layer.startsWith("Depthwise");
  const arrays = operation === "sum" ? ["input", "kernel"] : ["input"];
  const rules = model.get("_rules");
  const stage = element("div", { class: "ce-stage" });
  const sizes = element("div", { class: "ce-formula" });
  const sum = element("p", { class: "ce-arithmetic", role: "status", "aria-live": "polite" });
  const message = messageBox();
  const place = (r, c) => (rank === 1 ? `step ${number(c)}` : `row ${number(r)}, column ${number(c)}`);
  let parts = null; // what is drawn, if the layer can be

  // -- the model

  const counts = () => Object.fromEntries(Object.keys(rules.counts).map((name) => [name, model.get(name)]));

  function grouped() {
    const { channels = 1, filters = 1, groups = 1, depth_multiplier: multiplier = 1 } = counts();
    return { channels, ...grouping({ depthwise, channels, filters, groups, multiplier }) };
  }

  const shapeFor = (name) => name === "input"
    ? [...model.get("input_size"), grouped().channels]
    : [...model.get("kernel_size"), ...grouped().shape];

  const valuesFor = (name) => operation !== "sum" && name === "kernel"
    ? valuesOf("ones", [], rank, shapeFor(name))
    : valuesOf(model.get(`${name}_values`), model.get(`${name}_array`), rank, shapeFor(name));

  function put(name, value) {
    model.set(typeof name === "object" ? name : { [name]: value });
    for (const name of arrays) { // edited values keep their places when a size changes
      if (model.get(`${name}_array`).length) model.set(`${name}_array`, valuesFor(name));
    }
    model.save_changes();
  }

  function axes() {
    const found = axisNames.map((_, i) => axis(rules, {
      size: model.get("input_size")[i], kernel: model.get("kernel_size")[i], stride: model.get("strides")[i],
      dilation: model.get("dilation_rate")[i], padding: model.get("padding"),
    }));
    return rank === 1 ? [axis(rules, NO_AXIS), ...found] : found;
  }

  const selected = () => model.get("selected").map((at, i) => Math.min(at, parts.axes[i].out - 1));

  // -- controls

  const { dilation_rate, ...pooled } = NAMES;
  const names = operation === "sum" ? NAMES : { ...pooled, kernel_size: "pool" };
  const limits = Object.fromEntries(Object.keys(NAMES).map((name, i) => [name, rules.limits[i]]));
  const sliders = axisSliders({ model, names, limits, axisNames, put });
  const words = selectors({ model, put, choices: {
    padding: ["padding", layer === "Conv1D" ? ["valid", "same", "causal"] : ["valid", "same"]],
  } });
  const presets = arrays.map((name) => presetChoice({ model, name, put }));
  words.parts[0].append(...presets.map(({ field }) => field));
  const channelSliders = channelCounts({ model, limits: rules.counts, put });
  const sheets = sheetChoice(put);
  const player = stepper({
    label: "Slide the window", what: "windows",
    step: (by) => parts && put("selected", stepped(selected(), parts.axes.map(({ out }) => out), by)),
  });

  // -- drawing

  const valueCell = (name, r, c, value) =>
    ({ text: number(value), kind: name, label: `${name} ${place(r, c)}: ${number(value)}` });

  // Sets one number of the sheet at `rest` of an array.
  const edit = (name, rest) => (r, c, value) => {
    const [array, changed] = [valuesFor(name), placeIn(rank, r, c, rest).join()];
    put(`${name}_array`, nested(shapeFor(name), (place) => (place.join() === changed ? value : at(array, place))));
  };

  // Which grid has the focus, and where in it.
  function focused() {
    const name = ["input", "kernel", "output"].find((name) => parts?.[name]?.root === document.activeElement);
    return name && { name, at: parts[name].at() };
  }

  function draw() {
    const found = axes();
    const group = grouped();
    const { channels, outputs } = group;
    const given = {
      layer, operation, padding: model.get("padding"), kernelSize: model.get("kernel_size"),
      strides: model.get("strides"), dilation: model.get("dilation_rate"), counts: counts(),
    };
    const refused = refusal({
      ...given, mixes: depthwise || operation !== "sum", misfits: axisNames.filter((_, i) => !found.at(i - rank)),
    });
    const focus = focused();
    [sliders, words, channelSliders, ...presets].forEach(({ set }) => set());
    message.say("");
    parts = null;
    sheets.field.hidden = true;
    if (refused) {
      stage.replaceChildren(element("p", { class: "ce-refusal", role: "alert" }, refused));
      [sizes, sum].forEach((one) => one.replaceChildren());
      return;
    }
    const [rows, columns] = found;
    const [channel, output] = model.get("shown").map((sheet, i) => Math.min(sheet, [channels, outputs][i] - 1));
    sheets.draw([channel, output], group);
    const read = group.reads(output);
    const own = read.indexOf(channel); // -1: this output does not read the channel that is shown
    const x = valuesFor("input");
    const w = valuesFor("kernel");
    const pairs = read.map((one, i) => [sheetOf(x, rank, [one]), sheetOf(w, rank, group.kernel(output, i))]);
    const shown = sheetOf(x, rank, [channel]);
    const y = outputSheet(found, operation, pairs);
    const titled = (what, sheet, count) => (count > 1 ? `${what}, channel ${sheet} (of 0 to ${count - 1})` : what);
    const input = editableGrid({
      name: "input", sheet: shown, place, message, onkeep: edit("input", [channel]), onleave: showWindow,
      label: titled("Input with its padding", channel, channels),
      rows: [-rows.before, rows.size + rows.after], columns: [-columns.before, columns.size + columns.after],
      behind: channels - 1,
      cell: (r, c) => shown[r]?.[c] !== undefined ? valueCell("input", r, c, shown[r][c])
        : { text: operation === "sum" ? "0" : "", kind: "padding", label: `padding ${place(r, c)}` },
      onvisit: showReach,
    });
    const made = cellGrid({
      label: titled("Output", output, outputs), rows: [0, rows.out], columns: [0, columns.out], behind: outputs - 1,
      cell: (r, c) => valueCell("output", r, c, y[r][c]),
      onvisit: (r, c) => put("selected", [r, c]),
    });
    const kernel = operation === "sum" && own >= 0 && editableGrid({
      name: "kernel", sheet: pairs[own][1], place, message, onkeep: edit("kernel", group.kernel(output, own)), onleave: showWindow,
      label: titled("Kernel", channel, channels), rows: [0, rows.kernel], columns: [0, columns.kernel],
      cell: (r, c) => valueCell("kernel", r, c, pairs[own][1][r][c]),
      onvisit: showTap,
    });
    parts = { axes: found, pairs, read, own, channel, group, input, kernel, output: made };
    stage.replaceChildren(
      figure(titled("input", channel, channels), input.root),
      ...(kernel ? [figure(titled("kernel", channel, channels), kernel.root)] : []),
      ...(own < 0 ? [element("p", { class: "ce-note" }, `Output channel ${output} does not read input channel ${channel}.`)] : []),
      figure(titled("output", output, outputs), made.root),
    );
    const lengths = found.slice(-rank);
    sizes.replaceChildren(
      element("p", {}, element("code", {}, call(given)),
        `: ${shapeOf(...shapeFor("input"))} to ${shapeOf(...lengths.map(({ out }) => out), outputs)}`),
      ...lengths.map((one, i) => element("p", {}, element("b", {}, axisNames[i]), lengthRule(one))),
    );
    showWindow();
    if (focus && parts[focus.name]) {
      if (parts[focus.name].has(...focus.at)) parts[focus.name].move(...focus.at);
      parts[focus.name].root.focus({ preventScroll: true });
    }
  }

  function clear() {
    for (const { clear } of [parts.input, parts.output, parts.kernel].filter(Boolean)) clear();
  }

  // The cells of the shown sheet that the chosen window reads, as terms.
  const windowTerms = () => (parts.own < 0 ? [] : terms(parts.axes, selected(), ...parts.pairs[parts.own]));

  function showWindow() {
    if (!parts) return;
    const [r, c] = selected();
    clear();
    for (const { row, column, w } of windowTerms()) {
      parts.input.mark(row, column, "ce-tap", operation === "sum" ? number(w) : "");
    }
    parts.output.mark(r, c, "ce-chosen");
    parts.output.move(r, c);
    sum.replaceChildren(
      `output ${place(r, c)} = `, ...arithmetic(operation, parts.axes, [r, c], parts.pairs, parts.read),
    );
  }

  function showReach(r, c) {
    const { axes, channel, group, input, output, own } = parts;
    const [rows, columns] = own < 0 ? [[], []] : [reach(axes[0], r), reach(axes[1], c)];
    clear();
    input.mark(r, c, "ce-chosen");
    for (const i of rows) for (const j of columns) output.mark(i, j, "ce-tap");
    const what = axes.every(({ size }, i) => [r, c][i] >= 0 && [r, c][i] < size) ? "input" : "padding";
    const readers = Array.from({ length: group.outputs }, (_, i) => i).filter((i) => group.reads(i).includes(channel));
    const by = group.outputs > 1 ? ` of each of the output channels ${readers.join(", ")}` : "";
    sum.replaceChildren(
      `${what} ${place(r, c)} is read by ${rows.length * columns.length} of ${axes[0].out * axes[1].out} outputs${by}.`,
    );
  }

  function showTap(i, j) {
    const { row, column, inside, x, w } = windowTerms()[i * parts.axes[1].kernel + j];
    clear();
    parts.kernel.mark(i, j, "ce-chosen");
    parts.input.mark(row, column, "ce-chosen");
    parts.output.mark(...selected(), "ce-chosen");
    sum.replaceChildren(
      `In the window of output ${place(...selected())}, kernel ${place(i, j)} multiplies ` +
      `${inside ? "input" : "padding"} ${place(row, column)}: ${number(x)}·${number(w)} = ${number(x * w)}.`,
    );
  }

  el.classList.add("ce-widget");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // in JupyterLab the arrow keys stay here
  el.append(
    element("div", { class: "ce-title" }, `${layer}: slide the window`),
    form(sliders, words, channelSliders), sheets.field, stage, message.box,
    element("div", { class: "ce-note ce-controls" },
      `To change a value of the ${arrays.join(" or the ")}, double-click it, tap it twice, or press Enter on it.`),
    player.field, sum, sizes,
  );
  draw();
  const traits = ["padding", "shown", ...Object.keys(NAMES), ...Object.keys(rules.counts)];
  for (const name of arrays) traits.push(`${name}_values`, `${name}_array`);
  const redraw = soon(draw);
  for (const name of traits) model.on(`change:${name}`, redraw);
  model.on("change:selected", showWindow);
  return player.stop;
}

export default { render };
