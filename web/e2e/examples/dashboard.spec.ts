import type { Page } from "@playwright/test";
import { type Example, expect, on } from "./app.ts";

const test = on("dashboard");
test.use({ viewport: { width: 1280, height: 720 } });

/** What a person would notice: text, colour, box. Sizes too, since both chats stand in boxes of one size. */
const NOTICED = [
  ...[
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "line-height",
    "letter-spacing",
    "text-transform",
  ],
  ...[
    "text-align",
    "text-decoration-line",
    "text-shadow",
    "white-space-collapse",
    "word-break",
    "color",
    "cursor",
  ],
  ...[
    "background-color",
    "border-top-width",
    "border-top-style",
    "border-top-color",
    "border-top-left-radius",
  ],
  ...[
    "padding-top",
    "padding-left",
    "margin-top",
    "margin-left",
    "display",
    "visibility",
    "box-sizing",
    "opacity",
  ],
  ...["width", "height", "fill", "outline-style", "list-style-type", "user-select", "transition-property"],
];

async function open(page: Page, example: Example): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`${example.address}/page/`);
  await expect(page.getByRole("button", { name: "Refund an order" })).toBeVisible();
}

/** The same chat in the same box of a page without a style of its own. */
async function openBare(
  page: Page,
  example: Example,
  size: { width: number; height: number },
): Promise<void> {
  await page.route("**/bare.html", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<!doctype html><html lang="en"><title>Bare</title>
        <style>body{margin:0}aside{width:${size.width}px;height:${size.height}px}</style>
        <script src="/chatkit/chatkit.js"></script><body><table><tbody id="orders"></tbody></table>
        <button id="night"></button><button id="ask"></button>
        <aside><openai-chatkit id="chat"></openai-chatkit></aside>
        <script type="module" src="/page/dashboard.js"></script></body></html>`,
    }),
  );
  await page.goto(`${example.address}/bare.html`);
  await expect(page.getByRole("button", { name: "Refund an order" })).toBeVisible();
}

function look(page: Page): Promise<string[]> {
  return page.locator("openai-chatkit").evaluate(async (chat, names) => {
    await document.fonts.ready;
    const lines: string[] = [];
    for (const element of chat.shadowRoot?.querySelectorAll("*") ?? []) {
      const style = getComputedStyle(element);
      const values = names.map((name) => `${name}:${style.getPropertyValue(name)}`);
      lines.push(`${element.localName}.${element.getAttribute("class") ?? ""} ${values.join("; ")}`);
    }
    return lines;
  }, NOTICED);
}

async function refundCard(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Refund an order" }).click();
  await expect(page.getByRole("button", { name: "Refund", exact: true })).toBeVisible();
  await expect(page.getByRole("log")).toHaveAttribute("aria-busy", "false");
}

test("F168 nothing of a hostile style sheet reaches the chat", async ({ page, example }) => {
  await open(page, example);
  const box = await page.locator("openai-chatkit").boundingBox();
  const size = { width: box?.width ?? 0, height: box?.height ?? 0 };
  const startThere = await look(page);
  await refundCard(page);
  await page.mouse.move(5, 5);
  const threadThere = await look(page);

  await openBare(page, example, size);
  expect(startThere.length).toBeGreaterThan(30);
  expect(startThere).toEqual(await look(page));
  await refundCard(page);
  await page.mouse.move(size.width + 50, 5);
  expect(threadThere).toEqual(await look(page));
});

test("F168 nothing of the chat reaches the page", async ({ page, example }) => {
  await page.route("**/chatkit/chatkit.js", (route) => route.abort());
  await page.goto(`${example.address}/page/`);
  const outside = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("body *:not(aside, aside *)")].map((element) => {
        const style = getComputedStyle(element);
        return [...style].map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");
      }),
    );
  const before = await outside();
  await page.unroute("**/chatkit/chatkit.js");
  await open(page, example);
  expect(await outside()).toEqual(before);
  expect(
    await page.evaluate(
      () => [...document.adoptedStyleSheets, ...document.head.querySelectorAll("style")].length,
    ),
  ).toBe(0);
});

test("menus open over layers without end, at their button, inside transformed and contained ancestors", async ({
  page,
  example,
}) => {
  await open(page, example);
  await refundCard(page);
  const select = page.getByRole("button", { name: /Choose an order/ });
  await select.click();
  const option = page.getByRole("option", { name: "#1047" });
  await expect(option).toBeVisible();
  // It is there at once and put in its place as soon as what measures has been loaded.
  await expect(async () => {
    const [at, list] = await Promise.all([select.boundingBox(), page.locator(".w-options").boundingBox()]);
    expect(Math.abs((at?.x ?? 0) - (list?.x ?? 99))).toBeLessThan(24);
    const gap = Math.min(
      Math.abs((list?.y ?? 999) - (at?.y ?? 0) - (at?.height ?? 0)),
      Math.abs((at?.y ?? 0) - (list?.y ?? 999) - (list?.height ?? 0)),
    );
    expect(gap).toBeLessThan(16);
  }).toPass({ timeout: 20_000 });
  await option.click();
  await page.getByRole("button", { name: "Refund", exact: true }).click();
  await expect(page.getByRole("log")).toContainText("Order #1047 is refunded.");
  await expect(page.locator("tr.refunded")).toContainText("Marine Depot");
});

test("the page answers a client tool, and its filter stays", async ({ page, example }) => {
  await open(page, example);
  await page.getByRole("button", { name: "Which orders are late?" }).click();
  await expect(page.getByRole("log")).toContainText("These 3 are late:");
  await expect(page.locator("#orders tr:visible")).toHaveCount(3);
});

test("keyboard users see where they are although the page hides every outline", async ({ page, example }) => {
  await open(page, example);
  await page.getByRole("button", { name: "Assistant" }).click();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  const outline = () =>
    page.locator("openai-chatkit").evaluate((chat) => {
      const active = chat.shadowRoot?.activeElement;
      const style = active ? getComputedStyle(active) : null;
      return style ? `${style.outlineStyle} ${style.outlineWidth} ${style.boxShadow}` : "";
    });
  await expect.poll(outline).toMatch(/^(solid [1-9]|none \S+ (?!none))/);
});

test("the night filter of the page and its phone layout keep the chat whole", async ({ page, example }) => {
  await page.setViewportSize({ width: 390, height: 780 });
  await open(page, example);
  await page.evaluate(() => document.documentElement.classList.add("night"));
  await refundCard(page);
  const over = await page
    .locator("openai-chatkit")
    .evaluate((chat) =>
      [...(chat.shadowRoot?.querySelectorAll(".ck-view *:not(.ck-hidden)") ?? [])]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => element.className),
    );
  expect(over).toEqual([]);
  await expect(page.getByRole("textbox", { name: "Message" })).toBeInViewport();
});
