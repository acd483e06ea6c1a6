import { expect, test } from "./fixtures.ts";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const CODE = "const a = [1, 2];\n\tif (a < 3) { go('ü'); }";
/** The script's own mark between steps stands in for itself where a table needs it. */
const WIDE = ["Column", ...Array.from({ length: 14 }, (_, column) => `a rather long heading ${column}`)];

test("F068 F069 F094 code is copied as written, formulas load their code once, and each block reads its own way", async ({
  chat,
}) => {
  const asked: string[] = [];
  chat.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await chat.open({}, "/page/chat?strict");
  await chat.say("say $$x^2$$ and $y_1$");
  await chat.expectHeard("response.end");
  await expect(chat.view.locator(".katex").first()).toBeVisible();
  await expect(chat.view.locator(".katex-mathml msup, .katex-mathml msub")).toHaveCount(2);
  await chat.say(`say مرحبا بك في المتجر\n\n\`\`\`js\n${CODE}\n\`\`\`\n\n$$\\frac{1}{2}$$ end`);
  await chat.expectHeard("response.end", 2);
  await expect(chat.view.locator(".katex-mathml mfrac")).toHaveCount(1);
  expect(asked.filter((path) => /\/katex-(?!tables)[^/]*\.js$/.test(path))).toHaveLength(1);
  expect(asked.filter((path) => /\/katex-tables[^/]*\.js$/.test(path))).toHaveLength(1);

  await expect(chat.view.locator("pre [class^='hljs-keyword']").first()).toBeVisible();
  await chat.view.getByRole("button", { name: "Copy code" }).click();
  await expect.poll(() => chat.page.evaluate(() => navigator.clipboard.readText())).toBe(CODE);

  const arabic = chat.view.locator("[part~='assistant-message'] p").filter({ hasText: "مرحبا" });
  const gap = await arabic.evaluate((block) => {
    const range = document.createRange();
    range.selectNodeContents(block);
    const [text, box] = [range.getBoundingClientRect(), block.getBoundingClientRect()];
    return { left: text.left - box.left, right: box.right - text.right };
  });
  expect(gap.right).toBeLessThan(2);
  expect(gap.left).toBeGreaterThan(100);
  expect(await chat.page.evaluate(() => window.violations)).toEqual([]);
});

test("F071 single newlines break lines when the page wants it, in answers that are there already too", async ({
  chat,
}) => {
  await chat.open();
  await chat.say("say one\ntwo");
  const lines = chat.view.locator("[part~='assistant-message'] br");
  await expect(chat.answer("two")).toBeVisible();
  await expect(lines).toHaveCount(0);
  await chat.page.evaluate(() =>
    document
      .querySelector("openai-chatkit")
      ?.setOptions({ api: { url: "/chatkit", domainKey: "x" }, markdown: { breaks: true } }),
  );
  await expect(lines).toHaveCount(1);
});

test("F070 a wide table scrolls in its own box, by keyboard too, and the chat does not", async ({ chat }) => {
  await chat.page.setViewportSize({ width: 390, height: 700 });
  await chat.open();
  await chat.page.evaluate((cells) => {
    const api = {
      url: "/chatkit",
      domainKey: "x",
      // The script of the test server ends a step at each bar, so the table is put into its answer on the way.
      fetch: async (url: RequestInfo | URL, init?: RequestInit) => {
        const response = await fetch(url, init);
        if (!response.headers.get("content-type")?.startsWith("text/event-stream")) return response;
        const row = `|${cells.join("|")}|`;
        const table = [row, row.replaceAll(/[^|]+/g, "---"), row].join("\\n");
        const text = (await response.text()).replaceAll("TABLE", table);
        return new Response(text, { headers: response.headers });
      },
    };
    document.querySelector("openai-chatkit")?.setOptions({ api });
  }, WIDE);
  await chat.say("say TABLE");
  await chat.expectHeard("response.end");
  const region = chat.view.getByRole("region", { name: "Table" });
  await expect(region.getByRole("columnheader").last()).toBeAttached();
  await expect.poll(() => region.evaluate((box) => box.scrollWidth > box.clientWidth)).toBe(true);
  expect(
    await chat.view.locator("[part~='thread']").evaluate((thread) => thread.scrollWidth - thread.clientWidth),
  ).toBe(0);
  await region.focus();
  await expect(region).toBeFocused();
  await chat.page.keyboard.press("ArrowRight");
  await expect.poll(() => region.evaluate((box) => box.scrollLeft)).toBeGreaterThan(0);
});
