/** The widget in the preview as a picture: a copy of its elements with their computed styles inside an SVG. */

function preview(): HTMLElement {
  const host = document.getElementById("studio")?.shadowRoot?.querySelector(".canvas .stage-host");
  const widget = host?.shadowRoot?.querySelector(".w-root");
  if (!(widget instanceof HTMLElement))
    throw new Error("There is no widget in the preview to take a picture of.");
  return widget;
}

type Styles = ReadonlyMap<string, string>;

const NOTHING: Styles = new Map();

function read(style: CSSStyleDeclaration): Styles {
  const names = Array.from(style).filter((name) => !name.startsWith("--"));
  return new Map(names.map((name) => [name, style.getPropertyValue(name)]));
}

/** What elements look like without any style of ours, by tag. */
class Bare {
  readonly #host = document.createElement("div");
  readonly #known = new Map<string, Styles>();

  constructor() {
    this.#host.style.all = "initial";
    this.#host.style.display = "none";
    document.body.append(this.#host);
  }

  of(element: Element): Styles {
    const key = `${element.namespaceURI} ${element.localName}`;
    const known = this.#known.get(key);
    if (known) return known;
    const bare = document.createElementNS(element.namespaceURI, element.localName);
    this.#host.append(bare);
    const styles = read(getComputedStyle(bare));
    this.#known.set(key, styles);
    return styles;
  }

  end(): void {
    this.#host.remove();
  }
}

/** Styles that an element must carry: what differs from a bare one, and what it would otherwise take from above. */
function own(now: Styles, bare: Styles, above: Styles): Styles {
  return new Map([...now].filter(([name, value]) => value !== bare.get(name) || above.has(name)));
}

const written = (styles: Styles): string => [...styles].map(([name, value]) => `${name}:${value}`).join(";");

/** What a style sheet draws before or after an element becomes an element of its own. */
function drawn(from: Element, part: "::before" | "::after", bare: Bare, above: Styles): Element | null {
  const style = getComputedStyle(from, part);
  const content = style.getPropertyValue("content");
  if (content === "none" || content === "normal" || content === "") return null;
  const element = document.createElement("span");
  element.textContent = /^"(.*)"$/.exec(content)?.[1] ?? "";
  element.setAttribute("data-style", written(own(read(style), bare.of(element), above)));
  return element;
}

function copyValue(from: Element, to: Element): void {
  if (from instanceof HTMLInputElement) {
    to.setAttribute("value", from.value);
    to.toggleAttribute("checked", from.checked);
  }
  if (from instanceof HTMLTextAreaElement) to.textContent = from.value;
}

function copyStyles(from: Element, to: Element, bare: Bare, above: Styles): void {
  const styles = own(read(getComputedStyle(from)), bare.of(from), above);
  to.removeAttribute("style");
  to.removeAttribute("class");
  to.removeAttribute("part");
  to.setAttribute("data-style", written(styles));
  copyValue(from, to);
  const twins = [...to.children];
  for (const [index, child] of [...from.children].entries()) {
    const twin = twins[index];
    if (twin) copyStyles(child, twin, bare, styles);
  }
  const [before, after] = [drawn(from, "::before", bare, styles), drawn(from, "::after", bare, styles)];
  if (before) to.prepend(before);
  if (after) to.append(after);
}

/** The picture as the text of an SVG document. */
export function svgOf(): string {
  const widget = preview();
  const { width, height } = widget.getBoundingClientRect();
  const copy = widget.cloneNode(true) as HTMLElement;
  const bare = new Bare();
  copyStyles(widget, copy, bare, NOTHING);
  bare.end();
  const body = new XMLSerializer().serializeToString(copy).replaceAll(" data-style=", " style=");
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}"><foreignObject width="100%" height="100%">${body}</foreignObject></svg>`;
}

/** The picture as a PNG, twice as fine as on the screen. */
export async function pngOf(): Promise<Blob> {
  const svg = svgOf();
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.width * 2;
  canvas.height = image.height * 2;
  const context = canvas.getContext("2d");
  context?.scale(2, 2);
  context?.drawImage(image, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be written."))),
      "image/png",
    );
  });
}
