// The window explorer: an input, a window that slides over it, the output, and the arithmetic.

import { axis, grid, outputs, PRESETS, reach, reduce, terms } from "./geometry.js";
import { cellGrid, choice, element, number, slider } from "./drawing.js";

const NAMES = { input_size: "input", kernel_size: "kernel", strides: "stride", dilation_rate: "dilation" };
const label = (name, operation) => (name === "kernel_size" && operation !== "sum" ? "pool" : NAMES[name]);
const NO_AXIS = { size: 1, kernel: 1, stride: 1, dilation: 1, padding: "valid" };

function render({ model, el }) {
  const layer = model.get("layer");
  const rank = model.get("input_size").length;
  const axisNames = rank === 1 ? ["steps"] : ["height", "width"];
  const operation = layer.startsWith("Max") ? "max" : layer.startsWith("Average") ? "mean" : "sum";
  const rules = model.get("_rules");
  const stage = element("div", { class: "ce-stage" });
  const sizes = element("div", { class: "ce-formula" });
  const sum = element("p", { class: "ce-arithmetic", role: "status", "aria-live": "polite" });
  const setters = [];
  let parts = null;
  let timer = null;

  const put = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };

  function axes() {
    const padding = model.get("padding");
    const found = axisNames.map((_, i) =>
      axis(rules, {
        size: model.get("input_size")[i],
        kernel: model.get("kernel_size")[i],
        stride: model.get("strides")[i],
        dilation: model.get("dilation_rate")[i],
        padding,
      }));
    return rank === 1 ? [axis(rules, NO_AXIS), ...found] : found;
  }

  // -- controls

  function controls() {
    const names = Object.keys(NAMES).filter((name) => operation === "sum" || name !== "dilation_rate");
    const form = element("div", { class: "ce-controls", role: "group", "aria-label": "Settings" });
    const together = element("div", { class: "ce-fields" });
    const apart = element("div", { class: "ce-fields", hidden: "" });
    names.forEach((name) => {
      const limit = { min: 1, max: rules.limits[Object.keys(NAMES).indexOf(name)] };
      const both = slider({
        label: label(name, operation), ...limit, value: model.get(name)[0],
        onchange: (value) => put(name, axisNames.map(() => value)),
      });
      together.append(both.field);
      const each = axisNames.map((axisName, i) => slider({
        label: `${label(name, operation)} ${axisName}`, ...limit, value: model.get(name)[i],
        onchange: (value) => put(name, model.get(name).map((old, j) => (j === i ? value : old))),
      }));
      apart.append(...each.map(({ field }) => field));
      setters.push(() => [both, ...each].forEach(({ set }, i) => set(model.get(name)[Math.max(i - 1, 0)])));
    });
    const words = element("div", { class: "ce-fields" });
    const select = (name, label, options) => {
      const made = choice({ label, options, value: model.get(name), onchange: (value) => put(name, value) });
      setters.push(() => made.set(model.get(name)));
      words.append(made.field);
    };
    select("padding", "padding", layer === "Conv1D" ? ["valid", "same", "causal"] : ["valid", "same"]);
    select("input_values", "input values", Object.keys(PRESETS));
    if (operation === "sum") select("kernel_values", "kernel values", Object.keys(PRESETS));
    form.append(together, apart, words);
    if (rank === 2) {
      const different = Object.keys(NAMES).some((name) => model.get(name)[0] !== model.get(name)[1]);
      const box = element("input", { type: "checkbox", onchange: () => split(box.checked) });
      const split = (yes) => ([together.hidden, apart.hidden] = [yes, !yes]);
      split((box.checked = different));
      words.append(element("label", { class: "ce-field" }, box, "height and width apart"));
    }
    return form;
  }

  function player() {
    const play = element("button", { type: "button", onclick: () => (timer ? stop() : start()) }, "Play");
    const start = () => {
      timer = setInterval(() => (el.isConnected ? step(1) : stop()), 1000 / speed);
      play.textContent = "Pause";
    };
    const stop = () => {
      clearInterval(timer);
      timer = null;
      play.textContent = "Play";
    };
    let speed = 2;
    const pace = slider({
      label: "windows per second", min: 1, max: 10, value: speed,
      onchange: (value) => {
        speed = value;
        if (timer) stop(), start();
      },
    });
    return element(
      "div", { class: "ce-player", role: "group", "aria-label": "Slide the window" },
      element("button", { type: "button", onclick: () => step(-1) }, "Previous"), play,
      element("button", { type: "button", onclick: () => step(1) }, "Next"), pace.field,
    );
  }

  function step(by) {
    if (!parts) return;
    const [rows, columns] = parts.axes;
    const [r, c] = model.get("selected");
    const total = rows.out * columns.out;
    const next = (r * columns.out + c + by + total) % total;
    put("selected", [Math.floor(next / columns.out), next % columns.out]);
  }

  // -- drawing

  function refusal(found) {
    const both = (name) => Math.max(...model.get(name)) > 1;
    if (operation === "sum" && both("strides") && both("dilation_rate")) {
      return `Keras refuses this layer: strides and dilation_rate may not both be greater than 1 in ${layer}.`;
    }
    const names = axisNames.filter((_, i) => !found.at(i - rank));
    if (!names.length) return null;
    return `The window does not fit along the ${names.join(" and the ")}: it spans more cells than the input has. ` +
      "Choose a smaller one or less dilation, a larger input, or padding same.";
  }

  function draw() {
    const found = axes();
    const message = refusal(found);
    parts = null;
    if (message) {
      stage.replaceChildren(element("p", { class: "ce-refusal", role: "alert" }, message));
      sizes.replaceChildren();
      sum.replaceChildren();
      return;
    }
    const [rows, columns] = found;
    const x = PRESETS[model.get("input_values")](rows.size, columns.size);
    const w = PRESETS[operation === "sum" ? model.get("kernel_values") : "ones"](rows.kernel, columns.kernel);
    const y = outputs(found, operation, x, w);
    const place = (r, c) => (rank === 1 ? `step ${number(c)}` : `row ${number(r)}, column ${number(c)}`);
    const inside = (r, c) => r >= 0 && r < rows.size && c >= 0 && c < columns.size;
    const input = cellGrid({
      label: "Input with its padding",
      rows: [-rows.before, rows.size + rows.after],
      columns: [-columns.before, columns.size + columns.after],
      cell: (r, c) => inside(r, c)
        ? { text: number(x[r][c]), kind: "input", label: `input ${place(r, c)}: ${number(x[r][c])}` }
        : { text: operation === "sum" ? "0" : "", kind: "padding", label: `padding ${place(r, c)}` },
      onvisit: showReach,
      onleave: showWindow,
    });
    const output = cellGrid({
      label: "Output", rows: [0, rows.out], columns: [0, columns.out],
      cell: (r, c) => ({
        text: number(y[r][c]), kind: "output", label: `output ${place(r, c)}: ${number(y[r][c])}`,
      }),
      onvisit: (r, c) => put("selected", [r, c]),
    });
    const figures = [figure("input", input.root)];
    if (operation === "sum") {
      const taps = cellGrid({
        label: "Kernel", rows: [0, rows.kernel], columns: [0, columns.kernel],
        cell: (r, c) => ({ text: number(w[r][c]), kind: "kernel", label: `kernel ${place(r, c)}: ${number(w[r][c])}` }),
      });
      figures.push(figure("kernel", taps.root));
    }
    stage.replaceChildren(...figures, figure("output", output.root));
    parts = { axes: found, x, w, y, input, output, place };
    sizes.replaceChildren(...found.slice(-rank).map((one, i) => formula(axisNames[i], one)));
    showWindow();
  }

  function figure(name, root) {
    return element("div", { class: "ce-figure" }, element("div", { class: "ce-caption" }, name),
      element("div", { class: "ce-scroll" }, root));
  }

  function formula(name, one) {
    const { size, kernel, stride, dilation, padding, out, before, after, span, unread } = one;
    const spans = dilation > 1 ? `span (${kernel} − 1)·${dilation} + 1 = ${span}; ` : "";
    const length = padding === "valid"
      ? `⌊(${size} − ${span}) / ${stride}⌋ + 1 = ${out}`
      : `⌈${size} / ${stride}⌉ = ${out}`;
    const zeros = {
      valid: "no padding",
      same: `padding max((${out} − 1)·${stride} + ${span} − ${size}, 0) = ${before + after}: ${before} before, ${after} after`,
      causal: `padding ${span} − 1 = ${before}, all before`,
    }[padding];
    const never = unread ? `; the last ${unread === 1 ? "cell is" : `${unread} cells are`} never read` : "";
    return element("p", {}, element("b", {}, name), `: ${spans}output ${length}; ${zeros}${never}.`);
  }

  function showWindow() {
    if (!parts) return;
    const { axes, x, w, input, output, place } = parts;
    const [r, c] = model.get("selected").map((at, i) => Math.min(at, axes[i].out - 1));
    const found = terms(axes, [r, c], x, w);
    input.clear();
    output.clear();
    for (const { row, column, w } of found) {
      input.mark(row, column, "ce-tap", operation === "sum" ? number(w) : "");
    }
    output.mark(r, c, "ce-chosen");
    output.move(r, c);
    arithmetic(`output ${place(r, c)} = `, found);
  }

  function arithmetic(start, found) {
    const pieces = [start];
    const shown = operation === "sum" ? found : found.filter(({ inside }) => inside);
    if (operation === "max") pieces.push("max(");
    if (operation === "mean") pieces.push("(");
    shown.forEach(({ x, w, inside }, i) => {
      if (i) pieces.push(operation === "max" ? ", " : " + ");
      const times = operation === "sum" ? `·${w < 0 ? `(${number(w)})` : number(w)}` : "";
      pieces.push(inside ? number(x) + times : element("span", { class: "ce-zero" }, `[0]${times}`));
    });
    if (operation === "max") pieces.push(")");
    if (operation === "mean") pieces.push(`) / ${shown.length}`);
    pieces.push(" = ", element("b", {}, number(reduce(operation, found))));
    const pads = found.length - found.filter(({ inside }) => inside).length;
    if (pads) {
      pieces.push(operation === "sum" ? `. [0] is padding, ${pads} of ${found.length}.`
        : `. ${pads} of the ${found.length} cells of the window are padding and not counted.`);
    }
    sum.replaceChildren(...pieces);
  }

  function showReach(r, c) {
    const { axes, input, output, place } = parts;
    const [rows, columns] = [reach(axes[0], r), reach(axes[1], c)];
    input.clear();
    output.clear();
    input.mark(r, c, "ce-chosen");
    for (const i of rows) for (const j of columns) output.mark(i, j, "ce-tap");
    const reached = rows.length * columns.length;
    const what = r < 0 || c < 0 || r >= axes[0].size || c >= axes[1].size ? "padding" : "input";
    sum.replaceChildren(`${what} ${place(r, c)} is read by ${reached} of ${axes[0].out * axes[1].out} outputs.`);
  }

  el.classList.add("ce-widget");
  el.append(
    element("div", { class: "ce-title" }, `${layer}: slide the window`), controls(), stage, player(), sum, sizes,
  );
  draw();
  for (const name of [...Object.keys(NAMES), "padding", "input_values", "kernel_values"]) {
    model.on(`change:${name}`, () => {
      setters.forEach((set) => set());
      draw();
    });
  }
  model.on("change:selected", showWindow);
  return () => clearInterval(timer);
}

export default { render };
