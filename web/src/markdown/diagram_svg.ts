import type { SvgNode } from "../mermaid/messages.ts";

const SVG = "http://www.w3.org/2000/svg";

/** Shapes and words. Nothing here can run, load or lead anywhere. */
const ELEMENTS: ReadonlySet<string> = new Set([
  ...[
    "svg",
    "g",
    "defs",
    "marker",
    "symbol",
    "clipPath",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
  ],
  ...["polygon", "text", "tspan", "title", "desc", "linearGradient", "radialGradient", "stop"],
]);

const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...[
    "id",
    "d",
    "x",
    "y",
    "x1",
    "x2",
    "y1",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "dx",
    "dy",
    "width",
    "height",
  ],
  ...["points", "transform", "viewBox", "preserveAspectRatio", "refX", "refY", "orient", "markerWidth"],
  ...["markerHeight", "markerUnits", "pathLength", "offset", "stop-color", "stop-opacity", "gradientUnits"],
  ...["gradientTransform", "clip-path", "clipPathUnits", "fill", "fill-opacity", "fill-rule", "stroke"],
  ...["stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity"],
  ...["font-family", "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline"],
  ...[
    "alignment-baseline",
    "text-decoration",
    "marker-start",
    "marker-mid",
    "marker-end",
    "visibility",
    "display",
  ],
  ...["textLength", "lengthAdjust", "xml:space"],
]);

/** `url(#name)`: a part of the same drawing, and never an address. */
const LOCAL = /^url\(\s*["']?#[\w:.-]+["']?\s*\)$/;

const MAX_ELEMENTS = 5000;
const MAX_DEPTH = 40;

function allowed(name: string, value: string): boolean {
  if (!ATTRIBUTES.has(name)) return false;
  return !/url\s*\(|image\s*\(|\\/i.test(value) || LOCAL.test(value);
}

class Builder {
  #left = MAX_ELEMENTS;

  element(tree: unknown, depth = 0): SVGElement | undefined {
    if (!isNode(tree)) return undefined;
    const [name, attributes, children] = tree;
    if (!ELEMENTS.has(name) || depth > MAX_DEPTH || this.#left <= 0) return undefined;
    this.#left -= 1;
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === "string" && allowed(key, value)) made.setAttribute(key, value);
    }
    for (const child of children) {
      const inner = typeof child === "string" ? child : this.element(child, depth + 1);
      if (inner !== undefined) made.append(inner);
    }
    return made;
  }
}

function isNode(value: unknown): value is SvgNode {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [name, attributes, children] = value as unknown[];
  return (
    typeof name === "string" &&
    typeof attributes === "object" &&
    attributes !== null &&
    Array.isArray(children)
  );
}

/** A drawing made of data that came from outside, element by element from a list of harmless ones. */
export function buildSvg(tree: unknown): SVGElement | undefined {
  if (!isNode(tree) || tree[0] !== "svg") return undefined;
  const drawing = new Builder().element(tree);
  const box = /^[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)$/.exec(tree[1]["viewBox"] ?? "");
  if (!drawing || !box?.[1] || !box[2]) return undefined;
  drawing.setAttribute("width", box[1]);
  drawing.setAttribute("height", box[2]);
  return drawing;
}
