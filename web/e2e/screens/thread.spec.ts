import type { Page } from "@playwright/test";
import { expect, test } from "./fixture.ts";

function item(type: "user" | "answer", id: string, text: string): object {
  const base = { id, thread_id: "thr_1", created_at: "2026-11-20T10:00:00Z" };
  return type === "user"
    ? {
        ...base,
        type: "user_message",
        content: [{ type: "input_text", text }],
        attachments: [],
        inference_options: {},
      }
    : { ...base, type: "assistant_message", content: [{ type: "output_text", text, annotations: [] }] };
}

const WORDS = "Some words of an answer that grows and grows while it is written. ";

function top(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .last()
    .evaluate((element) => {
      const frame = element.closest(".ck-thread")?.getBoundingClientRect().top ?? 0;
      return Math.round(element.getBoundingClientRect().top - frame);
    });
}

function fromEnd(page: Page): Promise<number> {
  return page
    .locator(".ck-thread")
    .evaluate((box) => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight));
}

/** A place once two pictures in a row have left it where it was: sizes settle as turns near the window are laid out. */
async function atRest(page: Page, place: () => Promise<number>): Promise<number> {
  let last = Number.NaN;
  await expect
    .poll(async () => {
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
      const before = last;
      last = await place();
      return last - before;
    })
    .toBe(0);
  return last;
}

function scrollTop(page: Page): Promise<number> {
  return page.locator(".ck-thread").evaluate((box) => box.scrollTop);
}

async function older(page: Page): Promise<object[]> {
  return page.evaluate(() => {
    const { session } = (
      globalThis as unknown as {
        screens: { session: { state: { peek(): { thread: { items: object[] } } } } };
      }
    ).screens;
    return session.state.peek().thread.items;
  });
}

test("F064 a long thread opens at its end and asks for older messages near the top", async ({
  page,
  screens,
}) => {
  await screens.open("long");
  await expect.poll(() => fromEnd(page)).toBeLessThan(3);
  expect(await screens.calls("loadOlder")).toHaveLength(0);
  await page.locator(".ck-thread").evaluate((box) => box.scrollTo(0, 300));
  await expect.poll(() => screens.calls("loadOlder")).not.toHaveLength(0);
});

test("F064 older messages come in above without moving what is read", async ({ page, screens }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await screens.open("long");
  await expect.poll(() => fromEnd(page)).toBeLessThan(3);
  await page.locator(".ck-thread").evaluate((box) => box.scrollTo(0, 200));
  const first = page.locator(".ck-turn").first();
  const key = await first.getAttribute("data-turn");
  const place = (): Promise<number> => top(page, `[data-turn="${key}"]`);
  await expect.poll(place).toBeLessThan(20);
  const before = await atRest(page, place);
  const items = await older(page);
  const more = Array.from({ length: 20 }, (_, index) => [
    item("user", `old_u${index}`, `Older question ${index}`),
    item("answer", `old_a${index}`, WORDS.repeat(8)),
  ]).flat();
  await screens.showThread({ items: [...more, ...items] });
  await expect(page.locator(".ck-turn")).toHaveCount(60);
  await expect.poll(async () => Math.abs((await place()) - before)).toBeLessThan(3);
});

test("F092 a new message goes to the top, and its answer grows below it without moving it", async ({
  page,
  screens,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await screens.open("long");
  await expect.poll(() => fromEnd(page)).toBeLessThan(3);
  const items = await older(page);
  const asked = item("user", "local_1", "And now?");
  const running = { phase: "waiting", allowCancel: true, startedAt: 0 };
  await screens.showThread({ items: [...items, asked], marks: { local_1: { sending: true, key: "k" } } });
  await screens.show({ turn: running });
  const place = (): Promise<number> => top(page, '[data-turn="k"]');
  await expect.poll(place).toBeLessThan(24);
  await expect.poll(place).toBeGreaterThanOrEqual(0);
  const before = await atRest(page, place);
  const marks = { real_1: { key: "k" }, ans: { streaming: true } };
  const arrived = item("user", "real_1", "And now?");
  for (const length of [1, 3, 6]) {
    await screens.showThread({
      items: [...items, arrived, item("answer", "ans", WORDS.repeat(length))],
      marks,
    });
  }
  await expect(page.locator(".ck-answer").last()).toContainText("Some words");
  expect(Math.abs((await atRest(page, place)) - before)).toBeLessThan(3);
  await expect(page.getByText("And now?")).toHaveCount(1);
});

test("F091 follows the answer only when the page asks for it and the end is near", async ({
  page,
  screens,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await screens.open("long", "follow");
  await expect.poll(() => fromEnd(page)).toBeLessThan(3);
  const items = await older(page);
  const grow = (length: number): Promise<void> =>
    screens.showThread({
      items: [...items, item("answer", "ans", WORDS.repeat(length))],
      marks: { ans: { streaming: true } },
    });
  await screens.show({ turn: { phase: "streaming", allowCancel: true, startedAt: 0 } });
  await grow(30);
  await expect.poll(() => fromEnd(page)).toBeLessThan(3);
  await page.locator(".ck-thread").evaluate((box) => box.scrollBy(0, -500));
  await expect.poll(() => fromEnd(page)).toBeGreaterThan(400);
  const held = await atRest(page, () => scrollTop(page));
  await grow(90);
  await expect(page.locator(".ck-answer").last()).toContainText("Some words");
  expect(await atRest(page, () => scrollTop(page))).toBe(held);
});

test("without the option the view stays where it is", async ({ page, screens }) => {
  await screens.open("long");
  await expect.poll(() => fromEnd(page)).toBeLessThan(3);
  const held = await atRest(page, () => scrollTop(page));
  const items = await older(page);
  await screens.showThread({
    items: [...items, item("answer", "ans", WORDS.repeat(60))],
    marks: { ans: { streaming: true } },
  });
  await expect.poll(() => fromEnd(page)).toBeGreaterThan(200);
  expect(await atRest(page, () => scrollTop(page))).toBe(held);
});

test("a button leads back to the end", async ({ page, screens }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await screens.open("long");
  const button = page.getByRole("button", { name: "Scroll to end" });
  await expect(button).toHaveCount(0);
  await page.locator(".ck-thread").evaluate((box) => box.scrollTo(0, 1500));
  await expect(button).toBeVisible();
  await button.click();
  await expect.poll(() => fromEnd(page)).toBeLessThan(3);
});

test("a thread of 5,000 messages opens at its end and draws only what is near the window", async ({
  page,
  screens,
}) => {
  await screens.open("long");
  const many = Array.from({ length: 2500 }, (_, index) => [
    item("user", `u${index}`, `Question ${index}`),
    item("answer", `a${index}`, WORDS),
  ]).flat();
  await screens.showThread({ id: "thr_many", items: many });
  await expect(page.locator(".ck-turn")).toHaveCount(2500);
  await expect(page.getByText("Question 2499", { exact: true })).toBeInViewport();
  const drawn = await page.locator(".ck-turn:not([data-empty])").count();
  expect(drawn).toBeLessThan(80);
  await page.locator(".ck-thread").evaluate((box) => box.scrollTo(0, box.scrollHeight / 2));
  await expect.poll(() => page.locator(".ck-turn:not([data-empty])").count()).toBeGreaterThan(drawn);
  expect(await page.locator(".ck-turn:not([data-empty])").count()).toBeLessThan(160);
});

test("the browser's own search finds what is far outside the window", async ({ page, screens }) => {
  await screens.open("long");
  await expect.poll(() => fromEnd(page)).toBeLessThan(3);
  await expect(page.getByText("Question 0", { exact: true })).not.toBeInViewport();
  const find = (text: string): Promise<boolean> =>
    page.evaluate((wanted) => {
      getSelection()?.removeAllRanges();
      return (window as unknown as { find(text: string): boolean }).find(wanted);
    }, text);
  expect(await find("Question 0")).toBe(true);
  expect(await find("Nobody said this")).toBe(false);
});

test("F172 the whole chat can be used by keyboard alone", async ({ page, screens }) => {
  await screens.open("items");
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const active = document.querySelector("div")?.shadowRoot?.activeElement;
      return active?.getAttribute("aria-label") ?? active?.textContent?.trim() ?? "";
    });
  const seen: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press("Tab");
    const name = await focused();
    if (name === "" || name === seen[0]) break;
    seen.push(name);
  }
  for (const wanted of [
    "History",
    "New chat",
    "Compared 3 airlines",
    "Copy",
    "Good response",
    "Try again",
    "Message",
    "Add and tools",
  ]) {
    expect(seen).toContain(wanted);
  }
  await page.getByRole("button", { name: "History" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "History" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.locator(".ck-history")).toHaveCount(0);
  await page.getByRole("button", { name: "Add and tools" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Attach files" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Add and tools" })).toBeFocused();
});
