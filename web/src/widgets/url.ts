const LINK_SCHEMES = new Set(["https:", "http:", "mailto:", "tel:", "sms:", "chatkit-link:"]);

function parse(value: unknown): URL | undefined {
  if (typeof value !== "string" || value.length > 8192) return undefined;
  const text = value.trim();
  if (text === "" || text.startsWith("//") || text.startsWith("\\")) return undefined;
  try {
    return new URL(text, globalThis.document?.baseURI);
  } catch {
    return undefined;
  }
}

/** A link a widget may carry, resolved against the page, or `undefined`. */
export function linkUrl(value: unknown): string | undefined {
  const url = parse(value);
  return url && LINK_SCHEMES.has(url.protocol) ? url.href : undefined;
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
