/** The widget in the preview as a picture: a copy of its elements with their computed styles inside an SVG. */

function preview(): HTMLElement {
  const host = document.getElementById("studio")?.shadowRoot?.querySelector(".canvas .stage-host");
  const widget = host?.shadowRoot?.querySelector(".w-root");
  if (!(widget instanceof HTMLElement))
    throw new Error("There is no widget in the preview to take a picture of.");
  return widget;
}

function copyStyles(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  const text = Array.from(style, (name) => `${name}:${style.getPropertyValue(name)}`).join(";");
  to.setAttribute("data-style", text);
  for (const [index, child] of [...from.children].entries()) {
    const twin = to.children[index];
    if (twin) copyStyles(child, twin);
  }
}

/** The picture as the text of an SVG document. */
export function svgOf(): string {
  const widget = preview();
  const { width, height } = widget.getBoundingClientRect();
  const copy = widget.cloneNode(true) as HTMLElement;
  copyStyles(widget, copy);
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
