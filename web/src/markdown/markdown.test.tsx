// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Markdown } from "./markdown.tsx";
import type { MarkdownProps } from "./props.ts";

const root = document.createElement("div");
document.body.append(root);
afterEach(() => act(() => render(null, root)));

async function show(text: string, more: Partial<MarkdownProps> = {}): Promise<HTMLElement> {
  await act(async () => render(<Markdown text={text} {...more} />, root));
  return root.querySelector(".ck-md") as HTMLElement;
}

describe("a growing answer", () => {
  it("touches only its last block when words are added to 36 kB", async () => {
    const paragraph = "Some **words** of an answer, with `code` and [a link](https://example.org).\n\n";
    const source = paragraph.repeat(Math.ceil(36_000 / paragraph.length));
    const drawn = await show(`${source}The tail`, { streaming: true });
    const blocks = [...drawn.children];
    const records: MutationRecord[] = [];
    const observer = new MutationObserver((list) => records.push(...list));
    observer.observe(drawn, { subtree: true, childList: true, characterData: true, attributes: true });
    for (const more of [" grows", " grows and", " grows and grows"])
      await show(`${source}The tail${more}`, { streaming: true });
    records.push(...observer.takeRecords());
    expect(drawn.lastElementChild?.textContent).toBe("The tail grows and grows");
    expect([...drawn.children]).toEqual(blocks);
    expect(records.length).toBeGreaterThan(0);
    expect(records.every(({ target }) => drawn.lastElementChild?.contains(target))).toBe(true);
  });
});

const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "<svg onload=alert(1)>",
  "<iframe src='javascript:alert(1)'></iframe>",
  "[a](javascript:alert(1))",
  "[a](JaVaScRiPt:alert(1))",
  "[a](java\tscript:alert(1))",
  "[a](&#106;avascript:alert(1))",
  "[a](&#x6A;avascript&colon;alert(1))",
  "[a](data:text/html,<script>alert(1)</script>)",
  "[a](vbscript:msgbox(1))",
  "[a](blob:https://e.com/1)",
  "[a](//evil.org)",
  "[a](\\\\evil.org)",
  "[a](file:///etc/passwd)",
  "<javascript:alert(1)>",
  "![a](javascript:alert(1))",
  "![a](data:image/svg+xml,<svg onload=alert(1)>)",
  '![a" onerror="alert(1)](https://e.com/a.png)',
  '[a](https://e.com "onmouseover=alert(1)")',
  "```<img onerror=1>\n<img src=x onerror=alert(1)>\n```",
  "`<img src=x onerror=alert(1)>`",
  "| <img onerror=alert(1)> |\n|---|\n| <script>1</script> |",
  "[x]: javascript:alert(1)\n[a][x]",
  "$\\href{javascript:alert(1)}{x}$",
  '<a href="javascript:alert(1)">x</a>',
  "<!-- <img src=x onerror=alert(1)> -->",
  "<style>*{display:none}</style>",
  "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
];

const EXPECTED_TAGS = new Set(
  "A B BLOCKQUOTE BR BUTTON CODE DEL DIV EM H1 H2 H3 H4 H5 H6 HR IMG INPUT LI OL P PATH PRE SECTION SPAN STRONG SVG TABLE TBODY TD TH THEAD TR UL".split(
    " ",
  ),
);

describe("hostile text", () => {
  it.each(HOSTILE)("F072 F073 stays harmless: %s", async (text) => {
    for (const streaming of [false, true]) {
      const drawn = await show(text, { streaming });
      for (const element of drawn.querySelectorAll("*")) {
        expect(EXPECTED_TAGS).toContain(element.tagName.toUpperCase());
        for (const { name, value } of element.attributes) {
          expect(name).not.toMatch(/^on/i);
          if (name === "href" || name === "src") expect(value).toMatch(/^(?:https?|mailto|tel|sms):/);
        }
      }
    }
  });

  it("F072 shows raw HTML as text", async () => {
    const drawn = await show("before <img src=x onerror=alert(1)> after");
    expect(drawn.textContent).toBe("before <img src=x onerror=alert(1)> after");
    expect(drawn.querySelector("img")).toBeNull();
  });

  it("F073 leaves a link with a forbidden address without one", async () => {
    const drawn = await show("[press](javascript:alert(1))");
    expect(drawn.querySelector("a")).toBeNull();
    expect(drawn.textContent).toBe("press");
  });

  it("survives quotes nested ten thousand deep", async () => {
    const drawn = await show(`${">".repeat(10_000)} deep`);
    expect(drawn.textContent).toContain("deep");
  });
});

describe("rendering", () => {
  it("F067 draws GFM: emphasis, lists, tasks, tables, strikethrough, headings, quotes and rules", async () => {
    const drawn = await show(
      "# T\n\n**b** *i* ~~s~~ ~x\n\n- [x] a\n- b\n  1. c\n\n> q\n\n---\n\n| a | b |\n|--|:-:|\n| 1 | 2 |",
    );
    expect(drawn.querySelector("h1")?.textContent).toBe("T");
    expect(drawn.querySelector("del")?.textContent).toBe("s");
    expect(drawn.querySelector("p")?.textContent).toBe("b i s ~x");
    expect(drawn.querySelector<HTMLInputElement>("li input")?.checked).toBe(true);
    expect(drawn.querySelector("ul > li ol > li")?.textContent).toBe("c");
    expect(drawn.querySelector("td:last-child")?.className).toBe("ck-md-align-center");
    expect(drawn.querySelectorAll("blockquote, hr")).toHaveLength(2);
  });

  it("F067 keeps the elements of finished blocks while the text grows", async () => {
    const start = "First *paragraph*.\n\n- one\n- two\n\n";
    const drawn = await show(`${start}Last`, { streaming: true });
    const [first, list] = drawn.children;
    const touched: Node[] = [];
    const observer = new MutationObserver((records) =>
      touched.push(...records.map((record) => record.target)),
    );
    observer.observe(drawn, { subtree: true, childList: true, characterData: true, attributes: true });
    for (const text of ["Last **wo", "Last **word** and `co", "Last **word** and `code`."]) {
      await show(start + text, { streaming: true });
    }
    for (const record of observer.takeRecords()) touched.push(record.target);
    observer.disconnect();
    expect([drawn.children[0], drawn.children[1]]).toEqual([first, list]);
    expect(touched.some((node) => first?.contains(node) || list?.contains(node))).toBe(false);
    expect(drawn.lastElementChild?.textContent).toBe("Last word and code.");
  });

  it("F068 copies the source of a code block and colours it once the highlighter is there", async () => {
    const written: string[] = [];
    const clipboard = { writeText: (text: string) => Promise.resolve(void written.push(text)) };
    Object.defineProperty(navigator, "clipboard", { value: clipboard, configurable: true });
    const drawn = await show("```js\nconst a = '<b>';\n```");
    expect(drawn.querySelector(".ck-md-code-lang")?.textContent).toBe("JavaScript");
    await act(async () => drawn.querySelector<HTMLButtonElement>(".ck-md-code-copy")?.click());
    expect(written).toEqual(["const a = '<b>';"]);
    await vi.waitFor(() => expect(drawn.querySelector(".hljs-keyword")?.textContent).toBe("const"));
    expect(drawn.querySelector("code")?.textContent).toBe("const a = '<b>';");
  });

  it("F069 draws formulas as nodes with KaTeX", async () => {
    const drawn = await show(
      "Inline \\(x^2\\) and $y_1$, prices $5 to $10.\n\n$$\\frac{a}{b}$$\n\n\\[ z \\]",
    );
    await vi.waitFor(() => expect(drawn.querySelectorAll(".katex")).toHaveLength(4));
    expect(drawn.querySelectorAll(".ck-md-math-block")).toHaveLength(2);
    expect(drawn.textContent).toContain("prices $5 to $10.");
  });

  it("F069 shows the source of a formula that cannot be read", async () => {
    const drawn = await show("$$\\frac{a$$");
    await vi.waitFor(() => expect(drawn.querySelector(".ck-md-math code")?.textContent).toBe("\\frac{a"));
  });

  it("F070 puts each table in a box of its own that scrolls and takes the keyboard focus", async () => {
    const drawn = await show("| a |\n|--|\n| 1 |");
    const box = drawn.querySelector(".ck-md-table");
    expect(box?.getAttribute("tabindex")).toBe("0");
    expect(box?.querySelector("table")).not.toBeNull();
  });

  it("F071 turns single newlines into breaks only when asked", async () => {
    expect((await show("a\nb")).querySelector("br")).toBeNull();
    expect((await show("a\nb", { host: { breaks: true } })).querySelectorAll("br")).toHaveLength(1);
  });

  it("F074 opens links in a new tab without an opener", async () => {
    const link = (await show("[a](https://example.com/?a=1&amp;b=2) www.e.com x@e.com")).querySelectorAll(
      "a",
    );
    expect([...link].map((each) => each.getAttribute("href"))).toEqual([
      "https://example.com/?a=1&b=2",
      "http://www.e.com/",
      "mailto:x@e.com",
    ]);
    expect(link[0]?.target).toBe("_blank");
    expect(link[0]?.rel).toBe("noopener noreferrer");
  });

  it("decodes character references in text but not in code", async () => {
    const drawn = await show("a &lt;b&gt; &amp; &#x1F600; &nope; `&lt;`");
    expect(drawn.textContent).toBe("a <b> & 😀 &nope; &lt;");
  });

  it("F076 marks citations outside of code, links and marks", async () => {
    const host = { citation: (numbers: readonly number[]) => <b>{`[${numbers.join()}]`}</b> };
    const text = "A **bold** `code` [link](https://e.com/path) end.";
    const at = (part: string): { index: number } => ({ index: text.indexOf(part) + 2 });
    const drawn = await show(text, { host, annotations: [at("bold"), at("code"), at("path"), at("end")] });
    expect(drawn.textContent).toBe("A bold[0] code[1] link[2] end[3].");
    expect(drawn.querySelector("strong")?.textContent).toBe("bold");
    expect(drawn.querySelector("a")?.getAttribute("href")).toBe("https://e.com/path");
  });
});
