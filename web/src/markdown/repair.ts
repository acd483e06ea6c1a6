import { closeInline } from "./repair_inline.ts";

/**
 * One rule for the unfinished end of a text that is still being written: string in, string out.
 * A rule that does not apply returns its input.
 */
export type Repair = (text: string) => string;

function lastLineStart(text: string): number {
  return text.lastIndexOf("\n") + 1;
}

function lastLine(text: string): string {
  return text.slice(lastLineStart(text));
}

function withoutLastLine(text: string): string {
  return text.slice(0, Math.max(0, lastLineStart(text) - 1));
}

const FENCE = /^ {0,3}(?:`{3,}|~{3,})/;

/** Whether the text ends inside a code fence. */
export function insideFence(text: string): boolean {
  let open = "";
  for (const line of text.split("\n")) {
    const mark = /^\s*(?:[-*+>]\s+|\d+[.)]\s+)*(`{3,}|~{3,})(.*)$/.exec(line);
    if (!mark?.[1]) continue;
    if (open === "") open = mark[1];
    else if (mark[1].startsWith(open) && mark[2]?.trim() === "") open = "";
  }
  return open !== "";
}

/** A list, heading, quote or task marker without content is not shown yet. */
export const dropBareMarker: Repair = (text) => {
  const line = lastLine(text);
  const bare = /^\s*(?:>\s*)*(?:#{1,6}|[-*+]|\d{1,9}[.)]?|>|[-*+]\s+\[[ xX]?\]?)[ \t]*$/;
  if (line.trim() === "" || !bare.test(line)) return text;
  return withoutLastLine(text);
};

/** `--`, `==`, `**` or two backticks alone could become a rule, a heading or a fence: hold them back. */
export const dropUndecidedRule: Repair = (text) => {
  const line = lastLine(text);
  if (!/^\s*(?:-{1,2}|={1,}|\*{1,2}|_{1,2}|`{1,2}|~{1,2}|\+|\$)[ \t]*$/.test(line)) {
    return /\n {0,3}-{3,}[ \t]*$/.test(text) ? withoutLastLine(text) : text;
  }
  return withoutLastLine(text);
};

/** A link definition shows nothing when complete, so it shows nothing while it is written. */
export const dropDefinition: Repair = (text) =>
  /^ {0,3}\[[^\]\n]+\]:[^\n]*$/.test(lastLine(text)) ? withoutLastLine(text) : text;

function cells(row: string): number {
  return row
    .replace(/^\s*\|/, "")
    .replace(/\|\s*$/, "")
    .split(/(?<!\\)\|/).length;
}

const DELIMITER_PART = /^[\s|:-]*$/;

/** A table shows as a table from its first row: the row is closed and the delimiter row supplied. */
export const completeTable: Repair = (text) => {
  const lines = text.split("\n");
  const header = lines[0] ?? "";
  if (!/^\s*\|/.test(header) || header.trim() === "|") return header.trim() === "|" ? "" : text;
  if (lines.length > 2 || (lines.length === 2 && !DELIMITER_PART.test(lines[1] ?? ""))) return text;
  const closed =
    lines.length === 1 ? closeInline(header.replace(/\|\s*$/, "")) : header.replace(/\|\s*$/, "");
  return `${closed}|\n|${" --- |".repeat(cells(closed))}`;
};

/** A row that only has its first bar adds an empty row; wait for its first cell. */
export const dropEmptyRow: Repair = (text) => (/\n\s*\|\s*$/.test(text) ? withoutLastLine(text) : text);

/** `$$` and `\[` blocks are closed; an empty one is held back. */
export const closeMathBlock: Repair = (text) => {
  const open = /^ {0,3}(\$\$|\\\[)/.exec(text);
  if (!open?.[1]) return text;
  const closer = open[1] === "$$" ? "$$" : "\\]";
  const body = text.slice(open[0].length);
  if (body.includes(closer)) return text;
  const whole = body.replace(/[\\$]$/, "");
  return whole.trim() === "" ? "" : `${open[0]}${whole.trimEnd()}\n${closer}`;
};

/** The rules in the order they apply. */
export const REPAIRS: readonly (readonly [name: string, repair: Repair])[] = [
  ["math block", closeMathBlock],
  ["undecided rule", dropUndecidedRule],
  ["bare marker", dropBareMarker],
  ["definition", dropDefinition],
  ["empty row", dropEmptyRow],
  ["table", completeTable],
  ["inline", (text) => closeInlineTail(text)],
];

/** Where the last run of inline text starts: marks do not pair across list items, cells or paragraphs. */
function inlineStart(text: string): number {
  const paragraph = text.lastIndexOf("\n\n") + 1;
  let start = paragraph;
  for (const found of text.matchAll(
    /(?:^|\n)\s*(?:>\s*)*(?:[-*+]|\d{1,9}[.)]|#{1,6})[ \t]+(?:\[[ xX]\] )?/g,
  )) {
    start = Math.max(start, found.index + found[0].length);
  }
  const line = lastLineStart(text);
  if (/^\s*\|/.test(text.slice(line))) start = Math.max(start, text.lastIndexOf("|") + 1);
  return start;
}

function closeInlineTail(text: string): string {
  const start = inlineStart(text);
  return text.slice(0, start) + closeInline(text.slice(start));
}

function repairOnce(text: string): string {
  let repaired = text;
  for (const [, repair] of REPAIRS) repaired = repair(repaired);
  return repaired;
}

/**
 * The last block of a text still being written, changed so that it reads as if finished:
 * open marks are closed, half-written links show their text, markers without content are held back.
 */
export function repairTail(text: string): string {
  if (FENCE.test(text) || insideFence(text)) {
    return /\n[ \t]*(?:`{1,2}|~{1,2})$/.test(text) ? withoutLastLine(text) : text;
  }
  return repairOnce(text.trimEnd()).trimEnd();
}
