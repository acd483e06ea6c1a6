import { describe, expect, it } from "vitest";
import { lexBlocks } from "./lexer.ts";
import { repairTail } from "./repair.ts";

const CASES: readonly (readonly [name: string, unfinished: string, repaired: string])[] = [
  ["plain text", "Hello wor", "Hello wor"],
  ["bold", "a **bo", "a **bo**"],
  ["bold, closing half written", "a **bold*", "a **bold**"],
  ["bold, nothing inside", "a **", "a"],
  ["bold inside italic", "*a **b", "*a **b***"],
  ["bold italic", "***a", "***a***"],
  ["italic", "an *ital", "an *ital*"],
  ["underscore italic", "an _ital", "an _ital_"],
  ["underscore in a word", "snake_case_na", "snake_case_na"],
  ["multiplication", "2 * 3", "2 * 3"],
  ["strikethrough", "~~gone", "~~gone~~"],
  ["single tilde", "takes ~5", "takes ~5"],
  ["code", "run `npm i", "run `npm i`"],
  ["code, nothing inside", "run `", "run"],
  ["double code, closing half written", "``a`b`", "``a`b``"],
  ["marks inside code", "use `a ** b", "use `a ** b`"],
  ["bold around code", "**use `x", "**use `x`**"],
  ["closed code leaves later marks", "`**` is **bo", "`**` is **bo**"],
  ["link label", "see [the do", "see the do"],
  ["link label complete", "see [docs]", "see docs"],
  ["link address", "see [docs](https://ex", "see [docs](chatkit-pending:)"],
  ["link in bold", "**see [docs](htt", "**see [docs](chatkit-pending:)**"],
  ["bold in link label", "[**bo", "**bo**"],
  ["complete link", "[a](https://b.c)", "[a](https://b.c)"],
  ["image alt", "look ![a c", "look"],
  ["image address", "look ![cat](http", "look"],
  ["heading marker", "##", ""],
  ["heading", "## Ti **b", "## Ti **b**"],
  ["list marker", "- one\n- ", "- one"],
  ["list marker without space", "- one\n-", "- one"],
  ["ordered marker", "1. one\n2.", "1. one"],
  ["ordered number", "1. one\n2", "1. one"],
  ["task marker", "- [x] a\n- [", "- [x] a"],
  ["task box", "- [ ]", ""],
  ["item text", "- one\n- tw **o", "- one\n- tw **o**"],
  ["mark left open in an earlier item", "- a * b\n- c", "- a * b\n- c"],
  ["quote marker", "> a\n>", "> a"],
  ["setext underline", "Title\n--", "Title"],
  ["setext underline complete", "Title\n---", "Title"],
  ["setext equals", "Title\n=", "Title"],
  ["rule", "---", "---"],
  ["fence opening", "``", ""],
  ["fence body", "```js\nlet **a", "```js\nlet **a"],
  ["fence closing half written", "```js\nlet a\n``", "```js\nlet a"],
  ["fence in a list", "- a\n  ```js\n  x **", "- a\n  ```js\n  x **"],
  ["table header begun", "| Na", "| Na|\n| --- |"],
  ["table header two cells", "| Name | Va", "| Name | Va|\n| --- | --- |"],
  ["table header closed", "| Name | Value |", "| Name | Value |\n| --- | --- |"],
  ["table delimiter begun", "| A | B |\n|--", "| A | B |\n| --- | --- |"],
  ["table delimiter complete", "| A | B |\n|---|---|", "| A | B |\n| --- | --- |"],
  ["table row", "| A |\n|---|\n| **x", "| A |\n|---|\n| **x**"],
  ["table row begun", "| A |\n|---|\n|", "| A |\n| --- |"],
  ["table bar only", "|", ""],
  ["block math", "$$\nx^2", "$$\nx^2\n$$"],
  ["block math closing half written", "$$\nx^2\n$", "$$\nx^2\n$$"],
  ["block math empty", "$$", ""],
  ["bracket math", "\\[\nx^2", "\\[\nx^2\n\\]"],
  ["bracket math closing half written", "\\[ x \\", "\\[ x\n\\]"],
  ["inline math", "so \\(x^2", "so \\(x^2\\)"],
  ["inline math empty", "so \\(", "so"],
  ["dollar math", "so $x^2", "so $x^2$"],
  ["dollar math, one letter", "so $x", "so $x$"],
  ["price", "costs $5", "costs $5"],
  ["two prices", "from $5 to $10", "from $5 to $10"],
  ["escape begun", "a \\", "a"],
  ["entity begun", "a &am", "a"],
  ["ampersand in a name", "R&D", "R&D"],
  ["definition", "text\n[1]: https://exa", "text"],
  ["trailing space", "word ", "word"],
  ["citation-like brackets done", "as [1] shows", "as [1] shows"],
];

describe("repair of the unfinished tail", () => {
  it.each(CASES)("%s", (_name, unfinished, repaired) => {
    expect(repairTail(unfinished)).toBe(repaired);
  });

  it("gives the same text when applied twice", () => {
    for (const [, unfinished] of CASES) {
      const once = repairTail(unfinished);
      expect(repairTail(once.replaceAll("(chatkit-pending:)", "(https://a.b)"))).toBe(
        once.replaceAll("(chatkit-pending:)", "(https://a.b)"),
      );
    }
  });
});

const ANSWER = `# A title with **bold**

Some *emphasis*, **strong**, ***both***, \`code\` and ~~gone~~, see [the docs](https://example.com/a_b) now.

- one with **bold**
- two with \`code\`
  1. nested *em*
- [x] done

| Name | Value |
|------|------:|
| **a** | \`1\` |
| b | [l](https://e.com) |

> quoted **text**

Math \\(a^2 + b^2\\) and $x_1$ and

$$
\\int_0^1 x^2 dx
$$

\`\`\`python
print("**not bold**")
\`\`\`

The end costs $5.
`;

interface Node {
  type: string;
  text?: string;
  tokens?: Node[];
  items?: Node[];
  header?: Node[];
  rows?: Node[][];
}

function visibleText(node: Node): string {
  if (node.type === "code" || node.type === "codespan" || node.type === "math") return "";
  const parts = [
    ...(node.tokens ?? []),
    ...(node.items ?? []),
    ...(Array.isArray(node.header) ? node.header : []),
    ...(node.rows ?? []).flat(),
  ];
  if (parts.length > 0) return parts.map(visibleText).join(" ");
  return ["text", "escape", "html"].includes(node.type) ? (node.text ?? "") : "";
}

describe("a streamed answer", () => {
  it("shows no raw syntax after any character", () => {
    const shown: string[] = [];
    for (let end = 1; end <= ANSWER.length; end += 1) {
      const tokens = lexBlocks(ANSWER.slice(0, end), {}) as Node[];
      const last = tokens.filter((token) => token.type !== "space").at(-1) as
        | (Node & { raw: string })
        | undefined;
      const text = last ? lexBlocks(repairTail(last.raw), {}).map((token) => visibleText(token as Node)) : [];
      const raw = /\*|`|\]\(|\||~~|^#|\\|^\s*-\s|\[|\$(?!5)/.exec(text.join(" "));
      if (raw)
        shown.push(
          `${JSON.stringify(ANSWER.slice(Math.max(0, end - 30), end))} shows ${text.join(" ").slice(-40)}`,
        );
    }
    expect(shown).toEqual([]);
  });
});
