/**
 * Runs in `mermaid.html`, a page without origin, cookies or network: draws diagrams with the Mermaid that the host page names
 * and hands them out as plain data, every look written on the shape itself. No markup leaves this page.
 */
import type { DrawingAnswer, DrawingOrder, SvgNode } from "./messages.ts";

interface Mermaid {
  initialize(options: object): void;
  render(id: string, source: string): Promise<{ svg: string }>;
}

/** What a shape looks like, as attributes of SVG. */
const LOOKS = [
  ...[
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-linecap",
  ],
  ...["stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "font-style", "text-anchor"],
  ...[
    "dominant-baseline",
    "text-decoration",
    "marker-start",
    "marker-mid",
    "marker-end",
    "visibility",
    "display",
  ],
] as const;

const SHADOWS = new Set(["defs", "style", "title", "desc"]);

function load(address: string): Promise<Mermaid> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => {
      const found = (globalThis as { mermaid?: Mermaid }).mermaid;
      if (found) resolve(found);
      else reject(new Error(`${address} does not define mermaid: use its file dist/mermaid.min.js`));
    };
    script.onerror = () => reject(new Error(`${address} could not be loaded`));
    document.head.append(script);
  });
}

function looks(element: Element): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const { name, value } of element.attributes) {
    if (name !== "style" && name !== "class") attributes[name] = value;
  }
  if (element.namespaceURI !== "http://www.w3.org/2000/svg" || SHADOWS.has(element.localName))
    return attributes;
  const style = getComputedStyle(element);
  const around = element.parentElement ? getComputedStyle(element.parentElement) : undefined;
  for (const name of LOOKS) {
    const value = style.getPropertyValue(name);
    // Inherited looks are written once, at the shape they start at.
    if (value !== "" && (value !== around?.getPropertyValue(name) || name === "opacity"))
      attributes[name] = value;
  }
  return attributes;
}

function read(element: Element): SvgNode {
  const children: (SvgNode | string)[] = [];
  for (const child of element.childNodes) {
    if (child instanceof Element) children.push(read(child));
    else if (child.nodeType === Node.TEXT_NODE && child.nodeValue) children.push(child.nodeValue);
  }
  return [element.localName, looks(element), children];
}

async function draw(mermaid: Mermaid, { id, source, dark, font }: DrawingOrder): Promise<SvgNode> {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    class: { htmlLabels: false },
    state: { htmlLabels: false },
    theme: dark ? "dark" : "neutral",
    fontFamily: font,
  });
  const { svg } = await mermaid.render(`ck-diagram-${id}`, source);
  const place = document.createElement("div");
  // This frame has no origin and nothing of the page; what leaves it is read shape by shape, never markup.
  place.innerHTML = svg;
  document.body.append(place);
  try {
    const drawn = place.querySelector("svg");
    if (!drawn) throw new Error("Mermaid drew nothing");
    return read(drawn);
  } finally {
    place.remove();
  }
}

function serve(port: MessagePort, library: Promise<Mermaid>): void {
  let turn: Promise<unknown> = Promise.resolve();
  port.onmessage = ({ data }: MessageEvent<DrawingOrder>) => {
    // One after the other: Mermaid's settings are global.
    turn = turn.then(async () => {
      const answer: DrawingAnswer = await library
        .then((mermaid) => draw(mermaid, data))
        .then(
          (tree) => ({ id: data.id, tree }),
          (reason: unknown) => ({
            id: data.id,
            failed: reason instanceof Error ? reason.message : String(reason),
          }),
        );
      port.postMessage(answer);
    });
  };
}

addEventListener(
  "message",
  ({ ports: [port], data }) => {
    if (port && typeof data === "string") serve(port, load(data));
  },
  { once: true },
);
