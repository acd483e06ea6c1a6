import type { TokenizerExtension, Tokens } from "marked";

/** A formula found in Markdown, without its delimiters. */
export interface MathToken extends Tokens.Generic {
  type: "math";
  raw: string;
  tex: string;
  display: boolean;
}

const OPENING = /^ {0,3}(?:\$\$|\\\[)/;
const BLOCK = /^ {0,3}(?:\$\$((?:(?!\$\$)[\s\S])+?)\$\$|\\\[((?:(?!\\\])[\s\S])+?)\\\])[ \t]*(?:\n+|$)/;
const INLINE_DOUBLE = /^\$\$((?:\\[\s\S]|[^\\$])+?)\$\$/;
const INLINE_PAREN = /^\\\(((?:\\(?!\))[\s\S]|[^\\])+?)\\\)/;
const INLINE_BRACKET = /^\\\[((?:\\(?!\])[\s\S]|[^\\])+?)\\\]/;
const INLINE_SINGLE = /^\$(?!\s)((?:\\[^\n]|[^\\$\n])+?)(?<!\s)\$(?![\d$])/;

/**
 * Tells `$a^2$` from prices: a body that starts with a digit must be one word or show an operator,
 * so that "$5 and 10$" stays text.
 */
export function looksLikeMath(body: string): boolean {
  if (/^[\d.,]+$/.test(body)) return true;
  if (!/^\d/.test(body)) return !/^[A-Za-z]+(?: [A-Za-z,.]+){2,}$/.test(body);
  return /[\\^_=+{}<>*/-]/.test(body) || !/\s/.test(body);
}

function token(raw: string, tex: string, display: boolean): MathToken {
  return { type: "math", raw, tex: tex.trim(), display };
}

function matchInline(source: string): MathToken | undefined {
  const double = INLINE_DOUBLE.exec(source);
  if (double?.[1] !== undefined) return token(double[0], double[1], true);
  const bracket = INLINE_BRACKET.exec(source);
  if (bracket?.[1] !== undefined) return token(bracket[0], bracket[1], true);
  const paren = INLINE_PAREN.exec(source);
  if (paren?.[1] !== undefined) return token(paren[0], paren[1], false);
  const single = INLINE_SINGLE.exec(source);
  if (single?.[1] !== undefined && looksLikeMath(single[1])) return token(single[0], single[1], false);
  return undefined;
}

/** The text up to the next blank line: the most one formula block can hold. */
function untilBlankLine(source: string): string {
  const blank = /\n[ \t]*(?:\n|$)/.exec(source);
  return blank ? source.slice(0, blank.index + 1) : source;
}

/**
 * `$$…$$` and `\[…\]` on lines of their own. Without its closing mark the block is a paragraph of the same
 * extent, so that a mark that comes later cannot reach into blocks already finished. A formula in the middle
 * of a paragraph is left to the inline rule, which sets it on a line of its own as well.
 */
export const mathBlock: TokenizerExtension = {
  name: "mathBlock",
  level: "block",
  tokenizer(source) {
    if (!OPENING.test(source)) return undefined;
    const extent = untilBlankLine(source);
    const found = BLOCK.exec(extent);
    const tex = found?.[1] ?? found?.[2];
    if (found && tex !== undefined && tex.trim() !== "") return token(found[0], tex, true);
    const text = extent.trimEnd();
    return { type: "paragraph", raw: extent, text, tokens: this.lexer.inline(text) };
  },
};

/** `$…$`, `\(…\)` and the display forms inside a line of text. */
export const mathInline: TokenizerExtension = {
  name: "mathInline",
  level: "inline",
  start: (source) => {
    const at = source.search(/\$|\\[([]/);
    return at < 0 ? undefined : at;
  },
  tokenizer: (source) => matchInline(source),
};
