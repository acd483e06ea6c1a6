/** What a click on a link may do: leave for another page, or tell the host page. */
export type SafeLink =
  | { kind: "url"; href: string }
  | { kind: "deeplink"; href: string; name: string; data: Record<string, string> | undefined };

const SCHEMES: ReadonlySet<string> = new Set(["https:", "http:", "mailto:", "tel:", "sms:"]);
const DEEPLINK = /^chatkit-link:\/{0,2}/i;

function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/** The name and data of `chatkit-link://NAME?key=value`; of repeated keys the last wins. */
export function parseDeeplink(
  href: string,
): { name: string; data: Record<string, string> | undefined } | undefined {
  if (!DEEPLINK.test(href)) return undefined;
  const rest = href.replace(DEEPLINK, "");
  const name = /^[^?/#]*/.exec(rest)?.[0] ?? "";
  if (name === "") return undefined;
  const query = /\?([^#]*)/.exec(rest)?.[1];
  if (query === undefined) return { name, data: undefined };
  return { name, data: Object.fromEntries(new URLSearchParams(query)) };
}

/**
 * The link an untrusted address may become, or `undefined` when it may become none.
 * Absolute addresses with a scheme of the allow-list pass; paths are resolved against `base`.
 */
export function safeLink(address: string, base?: string): SafeLink | undefined {
  const href = address.trim();
  if (href === "" || hasControlCharacter(href)) return undefined;
  const deeplink = parseDeeplink(href);
  if (deeplink) return { kind: "deeplink", href, ...deeplink };
  // "//host" and "\\host" would take the scheme of the page and hide where they lead.
  if (/^[/\\]{2}/.test(href) || href.includes("\\")) return undefined;
  const absolute = /^[a-z][a-z\d+.-]*:/i.test(href);
  if (!absolute && base === undefined) return undefined;
  return parsed(href, base);
}

function parsed(href: string, base: string | undefined): SafeLink | undefined {
  try {
    const url = new URL(href, base);
    return SCHEMES.has(url.protocol) ? { kind: "url", href: url.href } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether an image in a model's text may load. `domains` absent: any http(s) host; else only https below a listed host. */
export function imageAllowed(address: string, domains: readonly string[] | undefined): boolean {
  let url: URL;
  try {
    url = new URL(address.trim());
  } catch {
    return false;
  }
  if (domains === undefined) return url.protocol === "https:" || url.protocol === "http:";
  if (url.protocol !== "https:") return false;
  const host = url.hostname.toLowerCase();
  return domains.some((domain) => {
    const wanted = domain
      .trim()
      .toLowerCase()
      .replace(/^\*?\./, "");
    return wanted !== "" && (host === wanted || host.endsWith(`.${wanted}`));
  });
}
