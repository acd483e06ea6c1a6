import { Lexer, Marked, type Token, type TokenizerExtension, type Tokens } from "marked";
import { mathBlock, mathInline } from "./math.ts";

/** Frames the number of a citation group inside Markdown source; any such character in the text is removed first. */
export const CITATION_MARK = "\uFFFC";

/** The place of one group of citations. */
export interface CitationToken extends Tokens.Generic {
  type: "citation";
  raw: string;
  group: number;
}

const CITATION = new RegExp(`^${CITATION_MARK}(\\d+)${CITATION_MARK}`);

const citation: TokenizerExtension = {
  name: "citation",
  level: "inline",
  start: (source) => {
    const at = source.indexOf(CITATION_MARK);
    return at < 0 ? undefined : at;
  },
  tokenizer: (source) => {
    const found = CITATION.exec(source);
    return found ? { type: "citation", raw: found[0], group: Number(found[1]) } : undefined;
  },
};

const rules = new Marked({
  gfm: true,
  extensions: [mathBlock, mathInline, citation],
  tokenizer: {
    // A single tilde is an approximation sign in prose ("~5 min"), not strikethrough.
    del: (source) => (/^~(?!~)/.test(source) ? undefined : false),
  },
});

/** Link reference definitions by label, as the lexer keeps them. */
export type LinkDefinitions = Record<string, Pick<Tokens.Link | Tokens.Image, "href" | "title">>;

/** Deeper nesting than any real text has; drawing it would exhaust the stack. */
const MAX_DEPTH = 60;

function tooDeep(tokens: readonly Token[], depth = 0): boolean {
  if (depth > MAX_DEPTH) return true;
  return tokens.some((token) => {
    const inner = [
      ...("tokens" in token ? (token.tokens ?? []) : []),
      ...("items" in token ? token.items : []),
    ];
    return inner.length > 0 && tooDeep(inner, depth + 1);
  });
}

function asText(source: string): Token[] {
  return [
    { type: "paragraph", raw: source, text: source, tokens: [{ type: "text", raw: source, text: source }] },
  ];
}

/** Top-level tokens of `source`; definitions found are added to `links`. Text nested beyond reason is plain text. */
export function lexBlocks(source: string, links: LinkDefinitions): Token[] {
  const lexer = new Lexer(rules.defaults);
  lexer.tokens.links = links;
  try {
    const tokens = lexer.lex(source);
    return tooDeep(tokens) ? asText(source) : tokens;
  } catch {
    return asText(source);
  }
}
