// The shape builder: a stack of layers as a table, and the arguments of the chosen layer as a form.

import { choice, element, number, unique } from "./drawing.js";
import { fraction, perAxis, python, stackRows } from "./stack.js";

const HEADS = ["layer", "output shape", "parameters", "multiply-adds", "receptive field", "jump"];
const NOTE = "Multiply-adds are those of the kernels. The receptive field is how many input cells, padding " +
  "included, lie from the first to the last that one output cell reads; the jump is how many input cells " +
  "apart two neighbouring output cells read.";
const grouped = (value) => value.toLocaleString("en-GB");
const shapeText = (shape) => `(None, ${shape.join(", ")})`;
const byAxis = (values, text) => {
  if (!values.length) return "–";
  const texts = values.map(text);
  return texts.every((one) => one === texts[0]) ? texts[0] : texts.join(" × ");
};
// The numbers in a text, separated by anything usual; null if there is anything else.
const numbersIn = (text) => {
  const words = text.replace(/[()[\]]/g, " ").trim().split(/[\s,;x×]+/).filter(Boolean);
  return words.every((word) => /^\d+$/.test(word)) ? words.map(Number) : null;
};

// What a field says, as {value} or, where it cannot be, {problem}.
function readField({ kind, name, min, max, default: initial }, rank, text) {
  if (kind === "rate") {
    const value = Number(text.trim().replace(",", ".") || NaN);
    return value >= min && value <= max ? { value } : { problem: `${name} takes a number from ${min} to ${max}` };
  }
  const found = numbersIn(text);
  if (kind === "axes" && initial === null && !text.trim()) return { value: null };
  const lengths = { count: [1], axes: [1, rank], margins: rank === 1 ? [1, 2] : [1, rank, 2 * rank] }[kind];
  if (!found || !lengths.includes(found.length) || found.some((n) => n < min || n > max)) {
    const many = [...new Set(lengths)].join(" or ");
    return { problem: `${name} takes ${many} whole number${many === "1" ? "" : "s"} from ${min} to ${max}` };
  }
  if (found.length === 1) return { value: found[0] };
  if (kind !== "margins" || found.length < 4) return { value: found };
  return { value: Array.from({ length: rank }, (_, i) => found.slice(2 * i, 2 * i + 2)) };
}

const fieldText = (value) => value === null ? "" : [value].flat(2).join(", ");

function renderBuilder({ model, el }) {
  const catalogue = model.get("_catalogue");
  const rules = { catalogue, messages: model.get("_messages") };
  const { input: inputLimit, layers: layerLimit } = model.get("_limits");
  const presets = model.get("_presets");
  let chosen = null; // the place of the layer whose arguments are shown
  let typing = false;
  const body = element("tbody");
  const totals = element("tr");
  const form = element("div", { class: "ce-controls ce-arguments", role: "group" });
  const status = element("p", { class: "ce-arithmetic", role: "status", "aria-live": "polite" });

  const put = (changes) => {
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    model.save_changes();
  };
  const putLayers = (layers, place) => {
    chosen = place;
    put({ layers });
  };

  // -- the table

  function row(entry, made, i) {
    const name = made?.name ?? entry.layer;
    const settings = catalogue[entry.layer].arguments
      .filter(({ name, required, default: value }) =>
        name in entry && (required || fieldText(entry[name]) !== fieldText(value)))
      .map(({ name }) => `${name}=${python(entry[name])}`).join(", ");
    const open = element(
      "button", { type: "button", "data-key": `open-${i}`, "aria-expanded": String(chosen === i),
        "aria-label": `${i + 1}. ${entry.layer}: arguments`, onclick: () => choose(chosen === i ? null : i) },
      entry.layer,
    );
    const cells = !made ? [element("td", { colspan: 5 }, "not reached")]
      : made.error ? [element("td", { colspan: 5, class: "ce-refusal", role: "alert" }, made.error)]
        : [shapeText(made.shape), grouped(made.params), grouped(made.work), byAxis(made.field, String),
          byAxis(made.jump, fraction)].map((text) => element("td", {}, text));
    return element(
      "tr", { class: !made ? "ce-unreached" : made.error ? "ce-failed" : "", "data-layer": name },
      element("th", { scope: "row" }, open, " ", element("span", { class: "ce-settings" }, settings)), ...cells,
    );
  }

  function choose(i) {
    chosen = i;
    draw();
    drawForm();
  }

  function move(by) {
    const layers = [...model.get("layers")];
    layers.splice(chosen + by, 0, ...layers.splice(chosen, 1));
    putLayers(layers, chosen + by);
    focusOn(by < 0 ? "up" : "down", by < 0 ? "down" : "up");
  }

  function remove() {
    const layers = model.get("layers").filter((_, i) => i !== chosen);
    putLayers(layers, layers.length ? Math.min(chosen, layers.length - 1) : null);
    layers.length ? focusOn("remove") : adding.field.querySelector("select").focus();
  }

  // Focus on the first of these controls that can take it: a new table has new ones.
  function focusOn(...keys) {
    for (const key of keys) {
      const found = el.querySelector(`[data-key="${key}"]:not([disabled])`);
      if (found) return found.focus();
    }
  }

  function draw() {
    const entries = model.get("layers");
    const inputShape = model.get("input_shape");
    const rows = stackRows(rules, inputShape, entries);
    const focused = el.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    body.replaceChildren(
      element("tr", {}, element("th", { scope: "row" }, "input"), element("td", {}, shapeText(inputShape)),
        element("td", { colspan: 4 })),
      ...entries.map((entry, i) => row(entry, rows[i], i)),
    );
    if (focused) focusOn(focused);
    const made = rows.filter((one) => one?.shape);
    const failed = rows.find((one) => one?.error);
    const [params, work] = ["params", "work"].map((key) => grouped(made.reduce((sum, one) => sum + one[key], 0)));
    totals.replaceChildren(element("th", { scope: "row", colspan: 2 }, failed ? "total so far" : "total"),
      element("td", {}, params), element("td", {}, work), element("td", { colspan: 2 }));
    status.textContent = failed ? `${failed.name} cannot be built: its row says why.`
      : `Output ${shapeText(made.at(-1)?.shape ?? inputShape)}: ${params} parameters, ${work} multiply-adds.`;
  }

  // -- controls

  // A labelled text field; what cannot be read is marked, and the last good stack stays.
  function typed({ label, text, parse, good }) {
    const [id, note] = [unique("typed"), unique("problem")];
    const problem = element("span", { id: note, class: "ce-refusal", role: "alert", hidden: "" });
    const input = element("input", { id, type: "text", "aria-describedby": note, autocomplete: "off", value: text });
    input.addEventListener("input", () => {
      const { value, problem: wrong } = parse(input.value);
      input.setAttribute("aria-invalid", String(Boolean(wrong)));
      problem.hidden = !wrong;
      problem.textContent = wrong ? `${wrong}, not “${input.value}”.` : "";
      typing = true; // what is being typed stays as it is
      if (!wrong) good(value);
      typing = false;
    });
    const set = (text) => {
      input.value = text;
      input.setAttribute("aria-invalid", "false");
      problem.hidden = true;
    };
    return { field: element("div", { class: "ce-field" }, element("label", { for: id }, label), input, problem), set };
  }

  function drawForm() {
    const entry = model.get("layers")[chosen];
    form.hidden = !entry;
    if (!entry) return;
    const { rank, arguments: rows } = catalogue[entry.layer];
    const set = (name, value) =>
      putLayers(model.get("layers").map((one, i) => (i === chosen ? { ...one, [name]: value } : one)), chosen);
    const fields = rows.map((argument) => {
      const { name, kind, options, default: initial } = argument;
      const value = entry[name] ?? initial;
      if (kind === "choice") return choice({ label: name, options, value, onchange: (word) => set(name, word) }).field;
      if (kind === "flag") {
        const box = element("input", { type: "checkbox", onchange: () => set(name, box.checked) });
        box.checked = value;
        return element("label", { class: "ce-field" }, box, name);
      }
      return typed({
        label: name, text: fieldText(kind === "axes" && Array.isArray(value) ? perAxis(value, rank) : value),
        parse: (text) => readField(argument, rank, text), good: (found) => set(name, found),
      }).field;
    });
    const title = `Arguments of layer ${chosen + 1}, ${entry.layer}`;
    form.setAttribute("aria-label", title);
    const last = model.get("layers").length - 1;
    const act = (text, key, disabled, onclick) =>
      element("button", { type: "button", "data-key": key, disabled, onclick }, text);
    form.replaceChildren(
      element("div", { class: "ce-caption" }, fields.length ? title : `${title}: none`),
      element("div", { class: "ce-fields" }, ...fields),
      element("div", { class: "ce-actions" }, act("Move up", "up", chosen === 0, () => move(-1)),
        act("Move down", "down", chosen === last, () => move(1)), act("Remove", "remove", false, remove)),
    );
  }

  const input = typed({
    label: "input shape", text: fieldText(model.get("input_shape")),
    parse: (text) => {
      const found = numbersIn(text.replace(/^\W*none\b/i, ""));
      return found && found.length >= 1 && found.length <= 4 && found.every((n) => n >= 1 && n <= inputLimit)
        ? { value: found } : { problem: `The input shape takes 1 to 4 whole numbers from 1 to ${inputLimit}, channels last` };
    },
    good: (value) => put({ input_shape: value }),
  });
  const preset = choice({
    label: "start from", options: ["…", ...Object.keys(presets)], value: "…",
    onchange: (name) => {
      if (!presets[name]) return;
      const [shape, layers] = presets[name];
      chosen = null;
      put({ input_shape: shape, layers });
      preset.set("…");
    },
  });
  const adding = choice({ label: "layer to add", options: Object.keys(catalogue), value: "Conv2D", onchange: () => {} });
  const add = element("button", { type: "button", onclick: () => {
    const entry = { layer: adding.field.querySelector("select").value };
    for (const { name, required, default: value } of catalogue[entry.layer].arguments) {
      if (required) entry[name] = value;
    }
    const layers = [...model.get("layers")];
    if (layers.length === layerLimit) return;
    const place = chosen === null ? layers.length : chosen + 1;
    layers.splice(place, 0, entry);
    putLayers(layers, place);
    drawForm();
  } }, "Add");
  adding.field.append(add);

  el.classList.add("ce-widget", "ce-builder");
  el.append(
    element("div", { class: "ce-title" }, "Build a stack of layers"),
    element("div", { class: "ce-controls ce-fields" }, preset.field, input.field, adding.field),
    element("div", { class: "ce-scroll" }, element("table", {},
      element("thead", {}, element("tr", {}, ...HEADS.map((text) => element("th", { scope: "col" }, text)))),
      body, element("tfoot", {}, totals))),
    form, status, element("p", { class: "ce-caption" }, NOTE),
  );
  const refresh = () => {
    if (!model.get("layers")[chosen]) chosen = null;
    add.disabled = model.get("layers").length === layerLimit;
    draw();
    if (!typing) {
      input.set(fieldText(model.get("input_shape")));
      drawForm();
    }
  };
  refresh();
  model.on("change:layers change:input_shape", refresh);
}

export default { render: renderBuilder };
