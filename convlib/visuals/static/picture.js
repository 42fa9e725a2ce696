// The picture lab: the reader's 3x3 kernel on a photograph.

import { choice, element, number } from "./drawing.js";
import { messageBox, typedNumber, typingProblem } from "./editing.js";

const OWN = "your own";

const KERNELS = {
  "vertical edges": [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  "horizontal edges": [-1, -2, -1, 0, 0, 0, 1, 2, 1],
  outline: [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  blur: [1, 2, 1, 2, 4, 2, 1, 2, 1],
  sharpen: [0, -1, 0, -1, 5, -1, 0, -1, 0],
  identity: [0, 0, 0, 0, 1, 0, 0, 0, 0],
};

// The sum under the window at every place. `axes` are two [out, before, after, stride], computed by
// convlib.padding; cells outside the picture are zeros.
export function correlate(pixels, [height, width], kernel, [rows, columns]) {
  const [out, before, , stride] = rows;
  const [outWidth, beforeWidth, , strideWidth] = columns;
  const y = new Float64Array(out * outWidth);
  for (let tap = 0; tap < 9; tap++) {
    const [i, j, w] = [Math.floor(tap / 3) - before, (tap % 3) - beforeWidth, kernel[tap]];
    if (w === 0) continue;
    for (let r = 0; r < out; r++) {
      const row = r * stride + i;
      if (row < 0 || row >= height) continue;
      for (let c = 0; c < outWidth; c++) {
        const column = c * strideWidth + j;
        if (column >= 0 && column < width) y[r * outWidth + c] += w * pixels[row * width + column];
      }
    }
  }
  return y;
}

// Grey levels for values, the lowest black and the highest white; also what these are.
export function shades(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const scale = high > low ? 255 / (high - low) : 0;
  return { low, high, levels: Uint8ClampedArray.from(values, (value) => (value - low) * scale) };
}

function paint(canvas, levels, height, width) {
  Object.assign(canvas, { height, width });
  const image = new ImageData(width, height);
  image.data.fill(255);
  levels.forEach((level, i) => image.data.fill(level, 4 * i, 4 * i + 3));
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function render({ model, el }) {
  const size = model.get("size");
  const bytes = model.get("pixels");
  const pixels = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const before = element("canvas", { role: "img", "aria-label": "The picture in grey." });
  const after = element("canvas", { role: "img" });
  const status = element("p", { class: "ce-arithmetic", role: "status", "aria-live": "polite" });
  const message = messageBox();
  let typing = false;
  const put = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };

  const cells = Array.from({ length: 9 }, (_, i) => element("input", {
    type: "text", inputmode: "decimal", "aria-label": `kernel row ${Math.floor(i / 3)}, column ${i % 3}`,
    "aria-describedby": message.box.id, oninput: read,
  }));

  function read() {
    const values = cells.map(({ value }) => typedNumber(value));
    cells.forEach((cell, i) => cell.setAttribute("aria-invalid", String(values[i] === null)));
    const bad = values.indexOf(null);
    message.say(bad < 0 ? "" : typingProblem("A kernel cell", cells[bad].value));
    typing = true; // what is being typed stays as it is
    if (bad < 0) put("kernel", values);
    typing = false;
  }

  function draw() {
    const kernel = model.get("kernel");
    const axes = model.get("_axes")[`${model.get("padding")} ${model.get("strides")}`];
    const { low, high, levels } = shades(correlate(pixels, size, kernel, axes));
    const [height, width] = axes.map(([out]) => out);
    paint(after, levels, height, width);
    if (!typing) cells.forEach((cell, i) => (cell.value = number(kernel[i])));
    preset.set(Object.keys(KERNELS).find((name) => KERNELS[name].every((w, i) => w === kernel[i])) ?? OWN);
    const text = `Output ${height} × ${width}, from ${number(low)} (black) to ${number(high)} (white).`;
    after.setAttribute("aria-label", `The picture under the kernel. ${text}`);
    status.textContent = `Input ${size[0]} × ${size[1]}. ${text}`;
  }

  const preset = choice({
    label: "kernel", options: [...Object.keys(KERNELS), OWN], value: OWN,
    onchange: (name) => {
      if (name === OWN) return draw();
      cells.forEach((cell) => cell.setAttribute("aria-invalid", "false"));
      message.say("");
      put("kernel", KERNELS[name]);
    },
  });
  const padding = choice({
    label: "padding", options: ["valid", "same"], value: model.get("padding"),
    onchange: (value) => put("padding", value),
  });
  const strides = choice({
    label: "stride", options: ["1", "2", "3"], value: String(model.get("strides")),
    onchange: (value) => put("strides", Number(value)),
  });
  paint(before, pixels, ...size);
  el.classList.add("ce-widget", "ce-lab");
  el.append(
    element("div", { class: "ce-title" }, "Your kernel on a photograph"),
    element("div", { class: "ce-fields ce-controls" }, preset.field, padding.field, strides.field),
    element("div", { class: "ce-stage" }, figure("input", before),
      figure("kernel", element("div", { class: "ce-kernel-cells", role: "group", "aria-label": "Kernel" }, ...cells)),
      figure("output", after)),
    message.box, status,
  );
  draw();
  model.on("change:kernel", draw);
  model.on("change:padding change:strides", () => {
    padding.set(model.get("padding"));
    strides.set(String(model.get("strides")));
    draw();
  });
}

function figure(name, content) {
  return element("div", { class: "ce-figure" }, element("div", { class: "ce-caption" }, name), content);
}

export default { render };
