import { expect, test } from "./fixtures.ts";

const FLOW = "graph TD; A[Ask] --> B{Known?}; B -- yes --> C[Answer]; B -- no --> D[Search]; D --> C";
const mermaid = "/built/mermaid.min.js";

function script(source: string): string {
  return `say Here:\n\n\`\`\`mermaid\n${source.replaceAll("|", "/")}\n\`\`\`\n\nThat is all.`;
}

test("a diagram of Mermaid is drawn from data, under a strict policy with Trusted Types", async ({
  chat,
}) => {
  await chat.open({ markdown: { mermaid } }, "/page/chat?strict&frames");
  await chat.say(script(FLOW));
  const drawing = chat.view.locator(".ck-md-diagram-place svg");
  await expect(drawing).toContainText("Known?");
  await expect(drawing).toContainText("Search");
  expect(await drawing.locator("path").count()).toBeGreaterThan(4);
  const [place, box] = await Promise.all([
    chat.view.locator(".ck-md-diagram-place").boundingBox(),
    drawing.boundingBox(),
  ]);
  expect(box?.width).toBeGreaterThan(60);
  expect(box?.width).toBeLessThanOrEqual(place?.width ?? 0);
  // The library works in a frame without origin, and leaves nothing in the page.
  await expect(chat.page.locator("iframe")).toHaveAttribute("sandbox", "allow-scripts");
  expect(await chat.page.evaluate(() => "mermaid" in globalThis)).toBe(false);
  expect(await chat.page.evaluate(() => window.violations)).toEqual([]);
  await chat.view.getByText("Source", { exact: true }).click();
  await expect(chat.view.locator(".ck-md-diagram pre")).toContainText("A[Ask]");
});

test("a diagram follows the scheme", async ({ chat }) => {
  await chat.open({ markdown: { mermaid } });
  await chat.say(script(FLOW));
  const fill = () =>
    chat.view
      .locator(".ck-md-diagram-place svg text")
      .first()
      .evaluate((text) => getComputedStyle(text).fill);
  await expect(chat.view.locator(".ck-md-diagram-place svg")).toBeVisible();
  const light = await fill();
  await chat.page.evaluate(
    (library) =>
      document.querySelector("openai-chatkit")?.setOptions({
        api: { url: "/chatkit", domainKey: "x" },
        theme: "dark",
        markdown: { mermaid: library },
      }),
    mermaid,
  );
  await expect.poll(fill).not.toBe(light);
});

test("a diagram that cannot be drawn shows its source and says so", async ({ chat }) => {
  await chat.open({ markdown: { mermaid } });
  await chat.say(script("graph TD; A --"));
  await expect(chat.view.getByText("This diagram could not be drawn.")).toBeVisible();
  await expect(chat.view.locator(".ck-md-diagram pre")).toContainText("A --");
  expect(await chat.heard("error")).toEqual([]);
});

test("without the option a diagram is code, and no frame is made", async ({ chat }) => {
  await chat.open();
  await chat.say(script(FLOW));
  await chat.expectHeard("response.end");
  await expect(chat.view.locator("pre")).toContainText("A[Ask]");
  await expect(chat.page.locator("iframe")).toHaveCount(0);
});

test("hostile directives of a diagram load nothing and run nothing", async ({ chat }) => {
  await chat.open({ markdown: { mermaid } });
  await chat.say(
    script(
      `%%{init: {"securityLevel": "loose", "themeCSS": "rect{fill:url(https://evil.test/a)} @import url(https://evil.test/b)"}}%%
graph TD
A["<img src=x onerror=alert(1)>"] --> B
click B "javascript:alert(2)"
click A href "https://evil.test" _self`,
    ),
  );
  await expect(
    chat.view.locator(".ck-md-diagram[data-state='drawn'], .ck-md-diagram[data-state='failed']"),
  ).toBeVisible();
  await expect(chat.view.locator(".ck-md-diagram :is(a, img, script, foreignObject, style)")).toHaveCount(0);
});
