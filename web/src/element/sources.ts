import type { Annotation, Source } from "../protocol/types.ts";

/** What makes two references the same one. */
export function sourceKey(source: Source): string {
  if (source.type === "url") return `url:${source.url}`;
  if (source.type === "file") return `file:${source.filename}`;
  return `entity:${source.id}`;
}

/** Each source once, in the order of first use. */
export function distinctSources(annotations: readonly Annotation[]): readonly Source[] {
  const seen = new Map<string, Source>();
  for (const { source } of annotations) {
    const key = sourceKey(source);
    if (!seen.has(key)) seen.set(key, source);
  }
  return [...seen.values()];
}

/** Sources by their `group`, groups in the order of first use; those without one first. */
export function groupedSources(
  sources: readonly Source[],
): readonly (readonly [group: string, sources: readonly Source[]])[] {
  const groups = new Map<string, Source[]>([["", []]]);
  for (const source of sources) {
    const name = source.group ?? "";
    groups.set(name, [...(groups.get(name) ?? []), source]);
  }
  return [...groups].filter(([, members]) => members.length > 0);
}

/** The host of an address without `www.`, or `""`. */
export function hostOf(address: string): string {
  try {
    return new URL(address).hostname.replace(/^www\./, "");
  } catch {
    return "";
  }
}

/** The few words a marker shows. */
export function markerText(source: Source): string {
  if (source.type === "url") return source.attribution ?? (hostOf(source.url) || source.title);
  if (source.type === "file") return source.filename || source.title;
  return source.inline_label ?? source.label ?? source.title;
}

/** Where a source comes from, for its second line. */
export function originOf(source: Source): string {
  if (source.type === "url") return source.attribution ?? hostOf(source.url);
  if (source.type === "file") return source.filename === source.title ? "" : source.filename;
  return source.label ?? "";
}
