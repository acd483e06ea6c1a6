import type { Token } from "marked";
import { type LinkDefinitions, lexBlocks } from "./lexer.ts";
import { repairTail } from "./repair.ts";

/** One top-level piece of a Markdown text. Unchanged text keeps its block: `===` decides what is drawn. */
export interface Block {
  readonly raw: string;
  readonly start: number;
  readonly token: Token;
}

/** How much work the last update took; what tests count. */
export interface BlockWork {
  /** Characters handed to the lexer. */
  lexed: number;
  /** Blocks that are new objects after the update. */
  touched: number;
}

// A line that is all punctuation or digits may still join the block above it ("-" can become a list item).
const UNDECIDED = /^[\s\-*+>\d.)_=|`~:#$\\[\]]*$/;

const SOFT: ReadonlySet<string> = new Set(["paragraph", "html", "list", "blockquote", "table", "text"]);

/** Without a blank line between them, what comes next can still decide where one block ends and the next begins. */
function mayJoin(before: Block | undefined, block: Block | undefined): boolean {
  if (!before || !block || !SOFT.has(before.token.type)) return false;
  const adjacent = before.start + before.raw.length === block.start;
  return adjacent && !/\n[ \t]*\n[ \t]*$/.test(before.raw);
}

function isVisible(token: Token): boolean {
  return token.type !== "space" && token.type !== "def";
}

function blocksFrom(source: string, start: number, links: LinkDefinitions): Block[] {
  const blocks: Block[] = [];
  let at = start;
  for (const token of lexBlocks(source.slice(start), links)) {
    const found = source.startsWith(token.raw, at) ? at : source.indexOf(token.raw, at);
    const blockStart = found < 0 ? at : found;
    if (isVisible(token)) blocks.push({ raw: token.raw, start: blockStart, token });
    at = blockStart + token.raw.length;
  }
  return blocks;
}

/**
 * A Markdown text as a list of blocks, kept up to date while the text grows.
 *
 * Appending re-reads only the last block (two, while the last line could still belong to the one above).
 * A new link definition is the one thing that can change earlier blocks; it causes a full read.
 */
export class MarkdownBlocks {
  #source = "";
  #blocks: Block[] = [];
  #view: readonly Block[] = [];
  #links: LinkDefinitions = {};
  #streaming = false;
  readonly work: BlockWork = { lexed: 0, touched: 0 };

  /** The blocks of `source`; with `streaming`, the unfinished end is repaired so that no raw syntax shows. */
  update(source: string, streaming: boolean): readonly Block[] {
    if (source === this.#source && streaming === this.#streaming) return this.#view;
    this.work.lexed = 0;
    const before = this.#view;
    this.#read(source);
    this.#source = source;
    this.#streaming = streaming;
    this.#view = streaming ? this.#repaired() : this.#blocks;
    this.#reuse(before);
    return this.#view;
  }

  #read(source: string): void {
    const keep = this.#keepCount(source);
    const kept = this.#blocks.slice(0, keep);
    const start = this.#blocks[keep]?.start ?? 0;
    if (keep === 0) this.#links = {};
    const known = Object.keys(this.#links).length;
    const tail = this.#lex(source, keep === 0 ? 0 : start);
    if (keep > 0 && Object.keys(this.#links).length !== known) {
      this.#links = {};
      this.#blocks = this.#lex(source, 0);
      // The second pass sees definitions that stand after their use.
      return;
    }
    const old = this.#blocks[keep];
    const first = tail[0];
    if (old && first && old.raw === first.raw && tail.length > 1) tail[0] = old;
    this.#blocks = [...kept, ...tail];
  }

  #lex(source: string, start: number): Block[] {
    this.work.lexed += source.length - start;
    return blocksFrom(source, start, this.#links);
  }

  /** How many leading blocks cannot change when the text becomes `source`. */
  #keepCount(source: string): number {
    const blocks = this.#blocks;
    let same = blocks.length;
    if (!source.startsWith(this.#source)) {
      same = blocks.findIndex((block) => !source.startsWith(block.raw, block.start));
      if (same < 0) same = blocks.length;
      else same += 1;
    }
    let keep = Math.max(0, same - 1);
    if (keep > 0 && UNDECIDED.test(blocks[keep]?.raw ?? "")) keep -= 1;
    while (keep > 0 && mayJoin(blocks[keep - 1], blocks[keep])) keep -= 1;
    return keep;
  }

  #repaired(): readonly Block[] {
    const last = this.#blocks.at(-1);
    if (!last) return this.#blocks;
    const repaired = repairTail(last.raw);
    if (repaired === last.raw) return this.#blocks;
    this.work.lexed += repaired.length;
    const shown = blocksFrom(repaired, 0, { ...this.#links });
    return [
      ...this.#blocks.slice(0, -1),
      ...shown.map((block) => ({ ...block, start: last.start + block.start })),
    ];
  }

  #reuse(before: readonly Block[]): void {
    let touched = 0;
    const old = new Set(before);
    for (const block of this.#view) if (!old.has(block)) touched += 1;
    this.work.touched = touched;
  }
}
