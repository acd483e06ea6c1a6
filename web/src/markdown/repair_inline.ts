import { looksLikeMath } from "./math.ts";

/** The address of a link whose real address is still being written. */
export const PENDING_ADDRESS = "chatkit-pending:";

interface Scan {
  /** Marks open at the end, outermost first. */
  open: string[];
  /** Where an unclosed code span or formula starts, or -1. */
  code: number;
  codeMark: string;
  math: number;
  mathMark: string;
}

const MATH_CLOSERS: Readonly<Record<string, string>> = { "\\(": "\\)", "\\[": "\\]", $$: "$$" };

function runLength(text: string, at: number): number {
  const mark = text[at];
  let end = at;
  while (text[end] === mark) end += 1;
  return end - at;
}

function skipCode(text: string, at: number, scan: Scan): number {
  const mark = "`".repeat(runLength(text, at));
  const close = text.indexOf(mark, at + mark.length);
  if (close >= 0) return close + mark.length;
  scan.code = at;
  scan.codeMark = mark;
  return text.length;
}

function skipMath(text: string, at: number, mark: string, scan: Scan): number {
  const closer = MATH_CLOSERS[mark] ?? mark;
  const close = text.indexOf(closer, at + mark.length);
  if (close >= 0) return close + closer.length;
  scan.math = at;
  scan.mathMark = mark;
  return text.length;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

function isSpace(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character);
}

function toggleMarks(text: string, at: number, open: string[]): number {
  const mark = text[at] ?? "";
  const length = runLength(text, at);
  const before = text[at - 1];
  const after = text[at + length];
  const canClose = !isSpace(before);
  const canOpen = !isSpace(after) && !(mark === "_" && isWord(before));
  let left = length;
  while (left > 0 && canClose) {
    const top = open.at(-1);
    if (!top?.startsWith(mark) || top.length > left) break;
    open.pop();
    left -= top.length;
  }
  if (left > 0 && canOpen) openMarks(mark, left, open);
  return at + length;
}

function openMarks(mark: string, length: number, open: string[]): void {
  if (mark === "~") {
    if (length >= 2) open.push("~~");
    return;
  }
  if (length >= 2) open.push(mark + mark);
  if (length % 2 === 1) open.push(mark);
}

function mathMarkAt(text: string, at: number): string {
  const two = text.slice(at, at + 2);
  return two in MATH_CLOSERS ? two : "";
}

function step(text: string, at: number, scan: Scan): number {
  const character = text[at];
  const math = mathMarkAt(text, at);
  if (math) return skipMath(text, at, math, scan);
  if (character === "\\") return at + 2;
  if (character === "`") return skipCode(text, at, scan);
  if (character === "*" || character === "_" || character === "~") return toggleMarks(text, at, scan.open);
  return at + 1;
}

function scanMarks(text: string): Scan {
  const scan: Scan = { open: [], code: -1, codeMark: "", math: -1, mathMark: "" };
  let at = 0;
  while (at < text.length) at = step(text, at, scan);
  return scan;
}

/** Marks at the very end have nothing inside yet, unless they close something. */
function dropTrailingMarks(text: string): string {
  const found = /(?:\*{1,3}|_{1,3}|~{1,2})$/.exec(text);
  if (!found) return text;
  const head = text.slice(0, found.index);
  const open = scanMarks(head).open;
  const mark = found[0];
  if (!open.some((each) => each.startsWith(mark[0] ?? ""))) {
    const before = head.at(-1);
    return isSpace(before) || /[([{"'*_~]/.test(before ?? "") ? head : text;
  }
  // "**bold*" and "***both**" are closing runs half written.
  const owed = open.filter((each) => each.startsWith(mark[0] ?? "")).join("").length;
  return mark.length < owed ? head : text;
}

/** Half an entity, or a backslash whose character has not come. */
function dropHalfEscape(text: string): string {
  const escaped = /\\+$/.exec(text);
  if (escaped && escaped[0].length % 2 === 1) return text.slice(0, -1);
  return text.replace(
    /&(?:#(?:x[\da-fA-F]*|\d*)|a|am|amp|l|lt|g|gt|q|qu|quo|quot|n|nb|nbs|nbsp|ap|apo|apos)$/,
    "",
  );
}

/** `[text](addre` becomes a link without address; `[text` its text; half an image nothing. */
function settleLink(text: string): string {
  const image = /!\[[^\]\n]*(?:\](?:\([^)\n]*)?)?$/.exec(text);
  if (image) return text.slice(0, image.index);
  if (text.endsWith("!")) return text;
  const address = /\[((?:[^[\]\n]|\[[^\]\n]*\])*)\]\([^)\n]*$/.exec(text);
  if (address?.[1] !== undefined) return `${text.slice(0, address.index)}[${address[1]}](${PENDING_ADDRESS})`;
  const label = /(?<![\\\]])\[([^[\]\n]*)\]?$/.exec(text);
  if (label?.[1] === undefined || label[1].startsWith("^")) return text;
  return text.slice(0, label.index) + closeInline(label[1]);
}

function closeCode(text: string, scan: Scan): string {
  const body = text.slice(scan.code + scan.codeMark.length);
  const trailing = /`*$/.exec(body)?.[0] ?? "";
  const inner = body.slice(0, body.length - trailing.length);
  if (inner.trim() === "") return text.slice(0, scan.code);
  return `${text.slice(0, scan.code)}${scan.codeMark}${inner}${scan.codeMark}`;
}

function closeMath(text: string, scan: Scan): string {
  const body = text.slice(scan.math + scan.mathMark.length).replace(/[\\$]$/, "");
  if (body.trim() === "") return text.slice(0, scan.math);
  return `${text.slice(0, scan.math)}${scan.mathMark}${body}${MATH_CLOSERS[scan.mathMark] ?? ""}`;
}

/** `$x^` is closed only when it can be nothing but a formula; a price keeps its sign. */
function closeSingleDollar(text: string): string {
  const dollars = [...text.matchAll(/(?<![\\$])\$(?!\$)/g)];
  const last = dollars.at(-1);
  if (!last || dollars.length % 2 === 0) return text;
  const body = text.slice(last.index + 1);
  if (body === "") return text.slice(0, last.index);
  const closed = body.replace(/\\$/, "");
  if (
    !/[\\^_={]|^[A-Za-z]$/.test(closed) ||
    /^\s/.test(closed) ||
    /\n/.test(closed) ||
    !looksLikeMath(closed)
  )
    return text;
  return `${text.slice(0, last.index)}$${closed.trimEnd()}$`;
}

/** Closes what a run of inline Markdown leaves open at its end. */
export function closeInline(text: string): string {
  const first = scanMarks(text);
  if (first.code >= 0) return appendClosers(closeCode(text, first), first.open);
  if (first.math >= 0) return appendClosers(closeMath(text, first), first.open);
  const dollar = closeSingleDollar(text);
  if (dollar !== text) return appendClosers(dollar, scanMarks(dollar).open);
  const settled = settleLink(dropTrailingMarks(dropHalfEscape(text)));
  return appendClosers(settled, scanMarks(settled).open);
}

function appendClosers(text: string, open: readonly string[]): string {
  if (open.length === 0) return text;
  const closers = [...open].reverse().join("");
  const end = text.trimEnd();
  return end.endsWith(open.at(-1) ?? "\0") && isBareOpener(end, open)
    ? end.slice(0, -(open.at(-1) ?? "").length)
    : end + closers;
}

function isBareOpener(text: string, open: readonly string[]): boolean {
  const mark = open.at(-1) ?? "";
  const before = text.at(-mark.length - 1);
  return isSpace(before);
}
