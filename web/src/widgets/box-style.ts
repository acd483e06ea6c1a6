import { background, border, flex, length, radius, ratio, space } from "./css-values.ts";
import type { Props } from "./node.ts";

/** Declarations to be set one by one on an element, never as text. */
export type Style = Record<string, string>;

const ALIGN: Readonly<Record<string, string>> = {
  start: "flex-start",
  center: "center",
  end: "flex-end",
  baseline: "baseline",
  stretch: "stretch",
};

const JUSTIFY: Readonly<Record<string, string>> = {
  start: "flex-start",
  center: "center",
  end: "flex-end",
  between: "space-between",
  around: "space-around",
  evenly: "space-evenly",
  stretch: "stretch",
};

const EDGES: Readonly<Record<string, readonly string[]>> = {
  x: ["Left", "Right"],
  y: ["Top", "Bottom"],
  top: ["Top"],
  right: ["Right"],
  bottom: ["Bottom"],
  left: ["Left"],
};

function put(style: Style, name: string, value: string | undefined): void {
  if (value !== undefined) style[name] = value;
}

function word(table: Readonly<Record<string, string>>, value: unknown): string | undefined {
  return typeof value === "string" && Object.hasOwn(table, value) ? table[value] : undefined;
}

/** `padding` or `margin`: one distance, or one an edge; `x` and `y` first, so that a single edge wins. */
export function spacing(style: Style, name: "padding" | "margin", value: unknown): void {
  const allowed = (distance: string | undefined): string | undefined =>
    name === "padding" && distance?.startsWith("-") ? undefined : distance;
  if (typeof value !== "object" || value === null) {
    put(style, name, allowed(space(value)));
    return;
  }
  const edges = value as Props;
  for (const [edge, sides] of Object.entries(EDGES)) {
    for (const side of sides) put(style, `${name}${side}`, allowed(space(edges[edge])));
  }
}

function borders(style: Style, value: unknown): void {
  const whole = border(value);
  if (whole !== undefined) {
    style.border = whole;
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const edges = value as Props;
  for (const [edge, sides] of Object.entries(EDGES)) {
    for (const side of sides) put(style, `border${side}`, border(edges[edge]));
  }
}

/** Size, margin, radius and shape: what every block has. */
export function blockStyle(props: Props): Style {
  const style: Style = {};
  for (const [prefix, size] of [
    ["", "size"],
    ["min", "minSize"],
    ["max", "maxSize"],
  ] as const) {
    const both = length(props[size]);
    const [width, height] = prefix ? [`${prefix}Width`, `${prefix}Height`] : ["width", "height"];
    put(style, width, length(props[width]) ?? both);
    put(style, height, length(props[height]) ?? both);
  }
  put(style, "aspectRatio", ratio(props.aspectRatio));
  put(style, "borderRadius", radius(props.radius));
  put(style, "flex", flex(props.flex));
  spacing(style, "margin", props.margin);
  // Something with a width of its own keeps it in a crowded row.
  if (style.width && !style.flex && !style.width.includes("%")) style.flexShrink = "0";
  return style;
}

/** The whole set of a flex container. */
export function boxStyle(props: Props): Style {
  const style = blockStyle(props);
  put(style, "alignItems", word(ALIGN, props.align));
  put(style, "justifyContent", word(JUSTIFY, props.justify));
  if (props.wrap === "wrap" || props.wrap === "nowrap" || props.wrap === "wrap-reverse")
    style.flexWrap = props.wrap;
  put(style, "gap", space(props.gap));
  spacing(style, "padding", props.padding);
  borders(style, props.border);
  Object.assign(style, background(props.background));
  return style;
}
