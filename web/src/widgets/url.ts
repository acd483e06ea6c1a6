function parse(value: unknown): URL | undefined {
  if (typeof value !== "string" || value.length > 8192) return undefined;
  const text = value.trim();
  // What would take the scheme of the page and hide where it leads, and what parsers silently leave out.
  if (text === "" || text.startsWith("//") || /[\\\p{Cc}]/u.test(text)) return undefined;
  try {
    return new URL(text, globalThis.document?.baseURI);
  } catch {
    return undefined;
  }
}

/**
 * The address of an image a widget may show: http(s), or a picture that comes along as data. For `<img>` only, where
 * an SVG can neither run a script nor load anything.
 */
export function imageUrl(value: unknown): string | undefined {
  if (typeof value === "string" && /^data:image\/(?:png|jpe?g|gif|webp|avif|svg\+xml)[;,]/i.test(value))
    return value;
  const url = parse(value);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}
