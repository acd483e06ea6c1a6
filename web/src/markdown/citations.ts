import { CITATION_MARK } from "./lexer.ts";

/** Text with numbered marks where its citations stand; `groups[n]` lists the annotations of mark n. */
export interface MarkedText {
  text: string;
  groups: readonly (readonly number[])[];
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}\p{M}_]/u.test(character);
}

/** Lines such as "---" or a table's delimiter row lose their meaning when a mark stands in them. */
function leaveSyntaxLine(text: string, at: number): number {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const before = text.slice(lineStart, at);
  if (/[\p{L}\p{N}]/u.test(before)) return at;
  const previous = text.slice(0, lineStart).trimEnd().length;
  return previous === 0 ? at : previous;
}

/** The offset moved to the end of its word, past marks and punctuation that close there. */
export function snapToWordEnd(text: string, index: number): number {
  let at = Math.min(Math.max(0, Math.trunc(index)), text.length);
  if (at > 0 && isWordCharacter(text[at - 1])) while (isWordCharacter(text[at])) at += 1;
  while (/[*_~`)\]]/.test(text[at] ?? "") && !/\s/.test(text[at - 1] ?? " ")) at += 1;
  while (at > 0 && /\s/.test(text[at - 1] ?? "")) at -= 1;
  return leaveSyntaxLine(text, at);
}

function withoutMarks(text: string): string {
  return text.includes(CITATION_MARK) ? text.replaceAll(CITATION_MARK, " ") : text;
}

/** Puts one mark at each distinct place; `indexes[i]` is the offset of annotation i, absent ones get no mark. */
export function markCitations(source: string, indexes: readonly (number | undefined)[]): MarkedText {
  const text = withoutMarks(source);
  const places = new Map<number, number[]>();
  indexes.forEach((index, annotation) => {
    if (index === undefined || !Number.isFinite(index)) return;
    const at = snapToWordEnd(text, index);
    places.set(at, [...(places.get(at) ?? []), annotation]);
  });
  if (places.size === 0) return { text, groups: [] };
  const ordered = [...places].sort(([a], [b]) => a - b);
  let marked = "";
  let from = 0;
  ordered.forEach(([at], group) => {
    marked += `${text.slice(from, at)}${CITATION_MARK}${group}${CITATION_MARK}`;
    from = at;
  });
  return { text: marked + text.slice(from), groups: ordered.map(([, annotations]) => annotations) };
}

const ANY_MARK = new RegExp(`${CITATION_MARK}(\\d+)${CITATION_MARK}`, "g");

/** Splits marks off text that cannot hold them (code, addresses): the clean text and the groups found. */
export function takeMarks(text: string): { clean: string; found: readonly number[] } {
  if (!text.includes(CITATION_MARK)) return { clean: text, found: [] };
  const found = [...text.matchAll(ANY_MARK)].map((match) => Number(match[1]));
  return { clean: text.replace(ANY_MARK, ""), found };
}
