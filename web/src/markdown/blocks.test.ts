import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MarkdownBlocks } from "./blocks.ts";
import { lexBlocks } from "./lexer.ts";

const PIECES = [
  "- a",
  "\n",
  "\n\n",
  "b",
  "1. x",
  "  - c",
  "```js\n",
  "let a\n",
  "```\n",
  "> q",
  "| a | b |\n",
  "|---|---|\n",
  "| 1 | 2 |\n",
  "# h",
  "---\n",
  "    code\n",
  "$$\n",
  "x^2\n",
  "**bold**",
  "text ",
  "-",
  "*",
  "=",
  "<div>\n",
  "</div>\n",
  "[a]: https://e.com\n",
  "[a]",
  " ",
  "\\[",
  "\\]",
  "1",
  ".",
  "  ",
];

function whole(source: string): string[] {
  return lexBlocks(source, {})
    .filter((token) => token.type !== "space" && token.type !== "def")
    .map((token) => `${token.type}:${token.raw}`);
}

describe("blocks of a growing text", () => {
  it("are the same as when the text is read at once", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }), (pieces) => {
        const blocks = new MarkdownBlocks();
        let source = "";
        for (const piece of pieces) {
          source += piece;
          const grown = blocks.update(source, false).map((block) => `${block.token.type}:${block.raw}`);
          expect(grown).toEqual(whole(source));
        }
      }),
      { numRuns: 600 },
    );
  });

  it("read only the tail of a 36 kB answer and touch one block", () => {
    const paragraph = `${"Some words that fill a paragraph of an answer. ".repeat(10).trim()}\n\n`;
    const source = paragraph.repeat(Math.ceil(36_000 / paragraph.length));
    const blocks = new MarkdownBlocks();
    const before = blocks.update(`${source}The tail`, true);
    const after = blocks.update(`${source}The tail grows`, true);
    expect(blocks.work.touched).toBe(1);
    expect(blocks.work.lexed).toBe("The tail grows".length);
    expect(after.length).toBe(before.length);
    expect(after.slice(0, -1).every((block, index) => block === before[index])).toBe(true);
  });

  it("keep every block when the text does not change", () => {
    const blocks = new MarkdownBlocks();
    const first = blocks.update("a\n\nb", false);
    expect(blocks.update("a\n\nb", false)).toBe(first);
  });

  it("keep finished blocks when streaming ends", () => {
    const blocks = new MarkdownBlocks();
    const streaming = blocks.update("one\n\ntwo **b**", true);
    const done = blocks.update("one\n\ntwo **b**", false);
    expect(done).toEqual(streaming);
    expect(done[0]).toBe(streaming[0]);
  });

  it("read everything again when a link definition arrives", () => {
    const blocks = new MarkdownBlocks();
    blocks.update("see [docs]\n\nmore", false);
    const [first] = blocks.update("see [docs]\n\nmore\n\n[docs]: https://example.com\n", false);
    expect(JSON.stringify(first?.token)).toContain("https://example.com");
  });

  it("follow a text that was changed in the middle", () => {
    const blocks = new MarkdownBlocks();
    blocks.update("one\n\ntwo\n\nthree", false);
    const changed = blocks.update("one\n\nTWO\n\nthree", false);
    expect(changed.map((block) => block.raw)).toEqual(["one", "TWO", "three"]);
  });

  it("follow a text that was replaced by a shorter one", () => {
    const blocks = new MarkdownBlocks();
    blocks.update("one\n\ntwo", false);
    expect(blocks.update("o", false).map((block) => block.raw)).toEqual(["o"]);
  });
});
