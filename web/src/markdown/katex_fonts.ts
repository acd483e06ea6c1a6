const FILES = import.meta.glob<string>("/node_modules/katex/dist/fonts/*.woff2", {
  query: "?url",
  import: "default",
  eager: true,
});

const FACE = /KaTeX_(\w+?)-(Regular|Bold|Italic|BoldItalic)\.woff2$/;

let added = false;

/** Makes KaTeX's fonts known to the document; each is fetched when a formula first uses it. */
export function loadMathFonts(): void {
  if (added || typeof FontFace === "undefined") return;
  added = true;
  for (const [path, url] of Object.entries(FILES)) {
    const face = FACE.exec(path);
    if (!face?.[1] || !face[2]) continue;
    document.fonts.add(
      new FontFace(`KaTeX_${face[1]}`, `url(${JSON.stringify(url)})`, {
        weight: face[2].startsWith("Bold") ? "700" : "400",
        style: face[2].endsWith("Italic") ? "italic" : "normal",
        display: "block",
      }),
    );
  }
}
