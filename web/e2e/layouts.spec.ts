import type { Locator } from "@playwright/test";
import { type ChatPage, expect, test } from "./fixtures.ts";

/** Opens the page with the chat in that place and that layout. */
async function openIn(chat: ChatPage, layout: string, place = ""): Promise<void> {
  await chat.page.emulateMedia({ reducedMotion: "reduce" });
  await chat.goto("/page/flow");
  await chat.page.evaluate(
    async ([wanted, className]) => {
      const box = document.getElementById("place");
      if (!box) return;
      box.className = className;
      const element = document.createElement("openai-chatkit");
      box.append(element);
      await window.open_({ layout: wanted, threadItemActions: { retry: true } }, element);
    },
    [layout, place] as const,
  );
  await chat.expectHeard("ready");
}

const LONG = `say ${Array.from({ length: 40 }, (_, line) => `- line ${line}`).join("\n")}`;

async function box(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await locator.boundingBox();
  if (!found) throw new Error(`${locator} is not visible`);
  return found;
}

test("the document layout grows with what was said, the page scrolls, and header and composer stay in view", async ({
  chat,
}) => {
  await openIn(chat, "document");
  await chat.page.getByRole("textbox", { name: "Message" }).click();
  await chat.say(LONG);
  await chat.expectHeard("response.end");
  await chat.say(LONG);
  await chat.expectHeard("response.end", 2);
  const view = chat.view;
  await expect.poll(async () => (await box(view)).height).toBeGreaterThan(1800);
  const thread = view.locator("[part~='thread']");
  await expect.poll(() => thread.evaluate((it) => it.scrollHeight - it.clientHeight)).toBe(0);
  // F092: the new message went to the top, below the header that sticks there.
  const question = view.locator("[part~='user-message']").last();
  const header = view.locator("[part~='header']").first();
  await expect
    .poll(async () => {
      const [asked, head] = await Promise.all([box(question), box(header)]);
      return asked.y - head.y - head.height;
    })
    .toBeLessThan(60);
  await expect
    .poll(async () => (await box(question)).y - (await box(header)).height)
    .toBeGreaterThanOrEqual(-1);
  const { height = 0 } = chat.page.viewportSize() ?? {};
  const inView = async (): Promise<boolean> => {
    const composer = await box(chat.composer);
    return composer.y > 0 && composer.y + composer.height <= height;
  };
  await expect.poll(inView).toBe(true);
  await chat.page.evaluate(() => scrollTo(0, 700));
  await expect.poll(() => chat.page.evaluate(() => scrollY)).toBe(700);
  await expect.poll(inView).toBe(true);
  await expect.poll(async () => Math.floor((await box(header)).y / 2)).toBe(0);
  await view.getByRole("button", { name: "Scroll to end" }).click();
  await expect(view.locator("[part~='assistant-message']").getByText("line 39").last()).toBeInViewport();
});

test("the document layout leaves room for the rest of the page", async ({ chat }) => {
  await openIn(chat, "document");
  expect((await box(chat.view)).height).toBeLessThan(700);
  await expect(chat.page.getByRole("heading", { name: "An article" })).toBeInViewport();
  await chat.say("say short");
  await expect(chat.answer("short")).toBeVisible();
  await expect.poll(async () => (await box(chat.view)).y).toBeLessThan(600);
});

for (const [layout, width] of [
  ["popup", 400],
  ["side-panel", 420],
] as const) {
  test(`the ${layout} stands at the edge of the window, though its place in the page is moved, clipped and covered`, async ({
    chat,
  }) => {
    await openIn(chat, layout, "moved");
    const open = chat.page.getByRole("button", { name: "Open chat" });
    const { width: wide = 0, height: high = 0 } = chat.page.viewportSize() ?? {};
    const corner = await box(open);
    expect(corner.x + corner.width).toBeGreaterThan(wide - 40);
    expect(corner.y + corner.height).toBeGreaterThan(high - 40);
    await open.click();
    await expect(chat.composer).toBeFocused();
    const panel = chat.view.locator(".ck-launch-box");
    await expect.poll(async () => (await box(panel)).width).toBe(width);
    await expect
      .poll(async () => Math.round((await box(panel)).x + (await box(panel)).width))
      .toBeGreaterThan(wide - 30);
    await chat.say("say over everything|gate hold");
    await expect(chat.answer("over everything")).toBeVisible();
    // Escape belongs to what is going on first: it stops the answer, and only then closes.
    await chat.page.keyboard.press("Escape");
    await chat.expectHeard("response.end");
    await expect(chat.composer).toBeVisible();
    await chat.page.keyboard.press("Escape");
    await expect(open).toBeFocused();
    await expect(chat.composer).toBeHidden();
    await open.click();
    await expect(chat.answer("over everything")).toBeVisible();
    await expect(chat.composer).toBeFocused();
  });
}

test("an open popup fills a phone, and its close button stays within reach", async ({ chat }) => {
  await chat.page.setViewportSize({ width: 375, height: 667 });
  await openIn(chat, "popup");
  await chat.page.getByRole("button", { name: "Open chat" }).click();
  await expect(chat.composer).toBeFocused();
  await expect
    .poll(() => box(chat.view.locator(".ck-launch-box")))
    .toEqual({ x: 0, y: 0, width: 375, height: 667 });
  await chat.page.getByRole("button", { name: "Close chat" }).click();
  await expect(chat.composer).toBeHidden();
});
