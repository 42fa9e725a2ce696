// The transposed explorer: stamps on the output, and a flipped kernel on a zero-stuffed input.

import { PRESETS } from "./geometry.js";
import { cellGrid, element, number, shape, soon } from "./drawing.js";
import {
  arrivals, backwards, kept, landing, phases, readings, scatterAxis, scattered, sources, stamp, stuffed, total, unstuffed,
} from "./scatter.js";
import { forwardSentence, lengthSentence, overlapSentence, patternSentence } from "./sentences.js";
import { axisSliders, figure, form, selectors, stepped, stepper } from "./settings.js";

const NAMES = { input_size: "input", kernel_size: "kernel", strides: "stride", dilation_rate: "dilation" };
const ONE_ROW = { size: 1, kernel: 1, stride: 1, dilation: 1, padding: "valid", extra: "none" };
const PICTURES = ["sums", "overlap counts", "forward convolution"];

function render({ model, el }) {
  const layer = model.get("layer");
  const rank = model.get("input_size").length;
  const axisNames = rank === 1 ? ["steps"] : ["height", "width"];
  const rules = model.get("_rules");
  const alert = element("p", { class: "ce-refusal", role: "alert", hidden: "" });
  const stage = element("div", { class: "ce-stage" });
  const sizes = element("div", { class: "ce-formula" });
  const sum = element("p", { class: "ce-arithmetic", role: "status", "aria-live": "polite" });
  let parts = null;

  const put = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };

  // -- settings

  const limits = Object.fromEntries(Object.keys(NAMES).map((name, i) => [name, rules.limits[i]]));
  const sliders = axisSliders({ model, names: NAMES, limits, axisNames, put });

  const extras = ["none", ...Array(rules.limits[2]).keys()].map(String);
  const words = selectors({ model, put, choices: {
    padding: ["padding", ["valid", "same"]],
    output_padding: ["output_padding", extras, (word) => (word === "none" ? null : Number(word))],
    input_values: ["input values", Object.keys(PRESETS)],
    kernel_values: ["kernel values", Object.keys(PRESETS)],
    picture: ["show", PICTURES],
  } });

  function axes() {
    const [padding, extra] = [model.get("padding"), model.get("output_padding") ?? "none"];
    const found = axisNames.map((_, i) => scatterAxis(rules, {
      size: model.get("input_size")[i], kernel: model.get("kernel_size")[i], stride: model.get("strides")[i],
      dilation: model.get("dilation_rate")[i], padding, extra,
    }));
    return rank === 1 ? [scatterAxis(rules, ONE_ROW), ...found] : found;
  }

  // What Keras refuses, as [traits, message].
  function refusal(found) {
    if (Math.max(...model.get("strides")) > 1 && Math.max(...model.get("dilation_rate")) > 1) {
      return [["strides", "dilation_rate"],
        `Keras refuses this layer: strides and dilation_rate may not both be greater than 1 in ${layer}.`];
    }
    if (found.includes(null)) {
      return [["output_padding"], "Keras refuses this layer: output_padding must be smaller than the stride on every axis."];
    }
    if (found.some(({ out }) => out === 0)) return [["input_size"], "The output of this layer has no cells."];
    return null;
  }

  // -- drawing

  const place = (r, c) => (rank === 1 ? `step ${number(c)}` : `row ${number(r)}, column ${number(c)}`);

  function draw() {
    const found = axes();
    const refused = refusal(found);
    for (const { mark } of [sliders, words]) mark(refused?.[0] ?? []);
    alert.hidden = !refused;
    alert.replaceChildren(refused ? `${refused[1]} The picture still shows the layer before.` : "");
    if (refused) return;
    const [rows, columns] = found;
    const x = PRESETS[model.get("input_values")](rows.size, columns.size);
    const w = PRESETS[model.get("kernel_values")](rows.kernel, columns.kernel);
    const z = scattered(found, x, w);
    const forward = model.get("picture") === "forward convolution";
    const back = forward && backwards(found, z, w);
    const small = cellGrid({
      label: forward ? "Output of the convolution" : "Input", rows: [0, rows.size], columns: [0, columns.size],
      cell: (r, c) => (forward
        ? { text: number(back[r][c]), kind: "output", label: `convolution output ${place(r, c)}: ${number(back[r][c])}` }
        : { text: number(x[r][c]), kind: "input", label: `input ${place(r, c)}: ${number(x[r][c])}` }),
      onvisit: (r, c) => put("selected", [r, c]),
    });
    const large = cellGrid({
      label: forward ? "Input of the convolution with its padding" : "Output with what is cropped",
      rows: [-rows.before, rows.out + rows.after], columns: [-columns.before, columns.out + columns.after],
      cell: largeCell, onvisit: showArrivals, onleave: showStamp,
    });
    parts = { axes: found, x, w, z, forward, small, large };
    function largeCell(r, c) {
      const value = number(z[r + rows.before][c + columns.before]);
      const beyond = r >= rows.full || c >= columns.full;
      if (forward && !kept(found, r, c)) return { text: "0", kind: "padding", label: `padding ${place(r, c)}` };
      if (forward) return { text: value, kind: "input", label: `convolution input ${place(r, c)}: ${value}` };
      const name = kept(found, r, c) ? "output" : "cropped";
      const kind = `${name}${beyond ? " ce-beyond" : ""}`;
      if (model.get("picture") === "sums") return { text: value, kind, label: `${name} ${place(r, c)}: ${value}` };
      const count = sources(rows, r).length * sources(columns, c).length;
      return { text: String(count), kind: `${kind} ce-counted`, label: `${name} ${place(r, c)}: ${value} of ${count} stamps` };
    }
    const figures = [
      figure(forward ? "output of the convolution" : "input", small.root),
      figure("kernel", kernelGrid("Kernel", "kernel", w)),
      figure(forward ? "its input: the output of the layer, padded" : "scatter: stamps on the output", large.root),
    ];
    if (!forward) figures.push(...stuffing());
    stage.replaceChildren(...figures);
    crossOut(large.root);
    if (model.get("picture") === "overlap counts") shade(large.root, rows, columns);
    sizes.replaceChildren(...found.slice(-rank).flatMap((one, i) => [
      element("p", {}, element("b", {}, axisNames[i]), `: ${(forward ? forwardSentence : lengthSentence)(one)}`),
      element("p", { class: "ce-overlaps" }, forward ? "" : overlapSentence(axisNames[i], one)),
    ]), forward ? "" : patternSentence(found));
    showStamp();
  }

  const kernelGrid = (label, name, w) => cellGrid({
    label, rows: [0, w.length], columns: [0, w[0].length],
    cell: (r, c) => ({ text: number(w[r][c]), kind: "kernel", label: `${name} ${place(r, c)}: ${number(w[r][c])}` }),
  }).root;

  function stuffing() {
    const { axes: [rows, columns], x, w } = parts;
    const reach = (one) => [1 - one.span, one.full + one.beyond];
    const cells = cellGrid({
      label: "Input stuffed with zeros", rows: reach(rows), columns: reach(columns),
      cell: (r, c) => {
        const [i, j] = [unstuffed(rows, r), unstuffed(columns, c)];
        if (i >= 0 && j >= 0) return { text: number(x[i][j]), kind: "input", label: `stuffed ${place(r, c)}: ${number(x[i][j])}` };
        const between = r >= 0 && r <= (rows.size - 1) * rows.stride && c >= 0 && c <= (columns.size - 1) * columns.stride;
        return { text: "0", kind: "padding", label: `zero ${between ? "between" : "around"} ${place(r, c)}` };
      },
      onvisit: (r, c) => {
        const at = [unstuffed(rows, r), unstuffed(columns, c)];
        if (!at.includes(-1)) put("selected", at);
        showStamp();
        if (at.includes(-1)) sum.replaceChildren(`A zero, stuffed in at ${place(r, c)}: it adds nothing to any output.`);
      },
      onleave: showStamp,
    });
    parts.stuffed = cells;
    const flipped = w.map((row) => [...row].reverse()).reverse();
    return [
      figure("zero-stuffing: the flipped kernel slides by 1", cells.root),
      figure("flipped kernel", kernelGrid("Flipped kernel", "flipped kernel", flipped)),
    ];
  }

  // A cropped cell is crossed out, so that it is told not by its colour alone.
  function crossOut(root) {
    for (const cell of root.querySelectorAll(".ce-cropped")) {
      const [x, y, side] = ["x", "y", "width"].map((name) => Number(cell.querySelector("rect").getAttribute(name)));
      cell.append(shape("path", { d: `M${x} ${y}l${side} ${side}m0 ${-side}l${-side} ${side}`, class: "ce-cross" }));
    }
  }

  function shade(root, rows, columns) {
    const most = Math.max(...phases(rows)) * Math.max(...phases(columns));
    for (const cell of root.querySelectorAll(".ce-counted")) {
      cell.style.setProperty("--ce-share", `${(36 * cell.querySelector(".ce-value").textContent) / most}%`);
    }
  }

  // -- lighting

  const selected = () => model.get("selected").map((at, i) => Math.min(at, parts.axes[i].size - 1));
  const factor = (value) => (value < 0 ? `(${number(value)})` : number(value));

  function showStamp() {
    if (!parts) return;
    const { axes, x, w, z, forward } = parts;
    const [r, c] = selected();
    const taps = forward ? readings(axes, [r, c], z, w) : stamp(axes, [r, c], w);
    clear();
    parts.small.mark(r, c, "ce-chosen");
    parts.small.move(r, c);
    if (!forward) parts.stuffed.mark(r * axes[0].stride, c * axes[1].stride, "ce-chosen");
    for (const tap of taps) {
      parts.large.mark(tap.row, tap.column, "ce-tap", number(forward ? tap.w : x[r][c] * tap.w));
    }
    if (forward) return arithmetic(`convolution output ${place(r, c)} = `, taps);
    const dropped = taps.filter(({ kept }) => !kept).length;
    const range = (axis, at) => {
      const [first, last] = [landing(axis, at, 0), landing(axis, at, axis.kernel - 1)];
      return first === last ? number(first) : `${number(first)} to ${number(last)}`;
    };
    const where = rank === 1 ? `steps ${range(axes[1], c)}` : `rows ${range(axes[0], r)}, columns ${range(axes[1], c)}`;
    sum.replaceChildren(`input ${place(r, c)}: its stamp, ${number(x[r][c])} times the kernel, lands on output ${where}` +
      (dropped ? `; ${dropped} of its ${taps.length} cells ${dropped === 1 ? "is" : "are"} cropped.` : "."));
  }

  function showArrivals(r, c) {
    const { axes, x, w, forward } = parts;
    const [rows, columns] = axes;
    const found = arrivals(axes, [r, c], x, w);
    clear();
    parts.large.mark(r, c, "ce-chosen");
    for (const { row, column, w } of found) parts.small.mark(row, column, "ce-tap", number(w));
    if (forward) {
      const what = kept(axes, r, c) ? "input" : "padding";
      return sum.replaceChildren(`${what} ${place(r, c)} is read by ${found.length} of ${rows.size * columns.size} windows.`);
    }
    for (const { at: row, tap: i } of stuffed(rows, r)) {
      for (const { at: column, tap: j } of stuffed(columns, c)) parts.stuffed.mark(row, column, "ce-tap", number(w[i][j]));
    }
    arithmetic(`${kept(axes, r, c) ? "output" : "cropped"} ${place(r, c)} = `, found);
  }

  function clear() {
    for (const cells of [parts.small, parts.large, parts.stuffed]) cells?.clear();
  }

  function arithmetic(start, products) {
    const pieces = products.flatMap(({ x, w, kept = true }, i) => [
      i ? " + " : "", kept ? `${number(x)}·${factor(w)}` : element("span", { class: "ce-zero" }, `[0]·${factor(w)}`),
    ]);
    const pads = products.filter(({ kept = true }) => !kept).length;
    const note = pads ? `. [0] is padding, ${pads} of ${products.length}.` : products.length ? "" : ", no stamp reaches it.";
    sum.replaceChildren(start, ...pieces, products.length ? " = " : "", element("b", {}, number(total(products))), note);
  }

  const player = stepper({
    label: "Step through the stamps", what: "stamps",
    step: (by) => parts && put("selected", stepped(selected(), parts.axes.map(({ size }) => size), by)),
  });
  el.classList.add("ce-widget");
  el.append(element("div", { class: "ce-title" }, `${layer}: stamp the kernel, or stuff with zeros`),
    form(sliders, words), alert, stage, player.field, sum, sizes);
  draw();
  const redraw = soon(() => {
    for (const { set } of [sliders, words]) set();
    draw();
  });
  for (const name of [...Object.keys(NAMES), "padding", "output_padding", "input_values", "kernel_values", "picture"]) {
    model.on(`change:${name}`, redraw);
  }
  model.on("change:selected", showStamp);
  return player.stop;
}

export default { render };
