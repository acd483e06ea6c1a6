/** Pictures of other hosts are not loaded here: nothing leaves the machine. A quiet box stands in for them. */

const BOX =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" preserveAspectRatio="xMidYMid slice">' +
      '<rect width="96" height="96" fill="#80808026"/>' +
      '<g fill="none" stroke="#8a8a8a" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">' +
      '<rect x="34" y="36" width="28" height="24" rx="4"/><circle cx="42" cy="44" r="2.5"/>' +
      '<path d="m36 58 9-8 6 5 4-4 6 6"/></g></svg>',
  );

const ADDRESSES = new Set(["src", "favicon"]);

export interface Tame {
  readonly widget: unknown;
  /** Where the pictures that were left out come from; the widget's own folder has no name. */
  readonly hosts: readonly string[];
}

function hostOf(address: string): string {
  try {
    return new URL(address).hostname;
  } catch {
    return "the page it is shown on";
  }
}

type Replace = (address: string) => string;

function walk(value: unknown, name: string, replace: Replace): unknown {
  if (typeof value === "string") return ADDRESSES.has(name) ? replace(value) : value;
  if (Array.isArray(value)) {
    const items = value.map((one) => walk(one, "", replace));
    return items.some((one, at) => one !== value[at]) ? items : value;
  }
  if (typeof value !== "object" || value === null) return value;
  const before = Object.entries(value) as [string, unknown][];
  const now = before.map(([key, one]) => [key, walk(one, key, replace)] as const);
  return now.some(([, one], at) => one !== before[at]?.[1]) ? Object.fromEntries(now) : value;
}

/** A widget whose pictures all come along as data. Parts without pictures keep their identity. */
export function tame(widget: unknown): Tame {
  const hosts = new Set<string>();
  const replace: Replace = (address) => {
    if (address === "" || address.startsWith("data:")) return address;
    hosts.add(hostOf(address));
    return BOX;
  };
  return { widget: walk(widget, "", replace), hosts: [...hosts].sort() };
}
