/** `chatkit-link://name?key=value` taken apart; null for any other address. */
export function parseDeeplink(href: string): { name: string; data?: Record<string, string> } | null {
  const match = /^chatkit-link:(?:\/\/)?([^?#/]*)[^?#]*(?:\?([^#]*))?/i.exec(href);
  const name = match?.[1];
  if (name === undefined || name === "") return null;
  const query = match?.[2];
  if (query === undefined || query === "") return { name: decode(name) };
  return { name: decode(name), data: Object.fromEntries(new URLSearchParams(query)) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
