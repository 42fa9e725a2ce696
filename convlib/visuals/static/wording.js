// What the window explorer says: strings made of numbers.

// The call that makes the layer, as one writes it in Keras.
export function call({ layer, operation, padding, kernelSize, strides, dilation, counts }) {
  const pool = operation !== "sum";
  const tuple = (list) => (list.length === 1 ? String(list[0]) : `(${list.join(", ")})`);
  const first = counts.filters ? [counts.filters] : [];
  const more = [`${pool ? "pool_size" : "kernel_size"}=${tuple(kernelSize)}`];
  if (pool || Math.max(...strides) > 1) more.push(`strides=${tuple(strides)}`);
  if (padding !== "valid") more.push(`padding="${padding}"`);
  if (Math.max(...dilation) > 1) more.push(`dilation_rate=${tuple(dilation)}`);
  if (counts.groups > 1) more.push(`groups=${counts.groups}`);
  if (counts.depth_multiplier > 1) more.push(`depth_multiplier=${counts.depth_multiplier}`);
  return `${layer}(${[...first, ...more].join(", ")})`;
}

export const shapeOf = (...sizes) => `(None, ${sizes.join(", ")})`;

// Why Keras refuses the layer, or null.
export function refusal({ layer, mixes, strides, dilation, counts, misfits }) {
  const { channels = 1, filters = 1, groups = 1 } = counts;
  if (!mixes && Math.max(...strides) > 1 && Math.max(...dilation) > 1) {
    return `Keras refuses this layer: strides and dilation_rate may not both be greater than 1 in ${layer}.`;
  }
  if (filters % groups || channels % groups) {
    return "Keras refuses this layer: groups must divide the filters and the input channels. " +
      `There are ${groups} groups, ${filters} filters and ${channels} input channels.`;
  }
  if (!misfits.length) return null;
  return `The window does not fit along the ${misfits.join(" and the ")}: it spans more cells than the input has. ` +
    "Choose a smaller one or less dilation, a larger input, or padding same.";
}

// The rule of one axis with its numbers put in.
export function lengthRule({ size, kernel, stride, dilation, padding, out, before, after, span, unread }) {
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
  return `: ${spans}output ${length}; ${zeros}${never}.`;
}
