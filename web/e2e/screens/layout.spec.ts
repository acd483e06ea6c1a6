import { expect, test } from "./fixture.ts";

test("the popup opens from its button, takes the focus, and closes on Escape", async ({ page, screens }) => {
  await screens.open("answer", "layout=popup");
  const open = page.getByRole("button", { name: "Open chat" });
  await expect(screens.editor).toBeHidden();
  await open.click();
  await expect(screens.editor).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(open).toBeFocused();
  await expect(screens.editor).toBeHidden();
});

test("the side panel stands along the inline end", async ({ page, screens }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await screens.open("answer", "layout=side-panel");
  await page.getByRole("button", { name: "Open chat" }).click();
  await expect(screens.editor).toBeFocused();
  const box = await page.locator(".ck-launch-box").boundingBox();
  expect(box).toMatchObject({ x: 480, y: 0, width: 420, height: 700 });
});

for (const [width, height] of [
  [375, 667],
  [900, 700],
  [1600, 900],
] as const) {
  test(`nothing sticks out of a window ${width} px wide`, async ({ page, screens }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: "reduce" }); // the history slides in from outside
    for (const name of ["start", "answer", "items", "problems", "question", "history", "draft"]) {
      await screens.open(name);
      const over = await page.evaluate(() => {
        const root = document.querySelector("div")?.shadowRoot;
        const all = [...(root?.querySelectorAll(".ck-view *") ?? [])];
        const inside = (element: Element): boolean =>
          element.closest(".ck-hidden,.katex,pre,.ck-md-table,.ck-strip,.ck-meter,svg") !== null;
        return all
          .filter((element) => !inside(element) && element.getBoundingClientRect().right > innerWidth + 1)
          .map((element) => element.className);
      });
      expect([name, over]).toEqual([name, []]);
    }
  });
}

test("touch targets are at least 24 px, and a right-to-left language mirrors the chat", async ({
  page,
  screens,
}) => {
  await page.setViewportSize({ width: 375, height: 667 });
  await screens.open("draft", "locale=ar");
  await expect(page.locator(".ck-view")).toHaveAttribute("dir", "rtl");
  const small = await page.locator("button:visible").evaluateAll((buttons) =>
    buttons
      .filter((button) => {
        const { width, height } = button.getBoundingClientRect();
        const grown = getComputedStyle(button, "::after").position === "absolute" ? 8 : 0;
        return width + grown < 24 || height + grown < 24;
      })
      .map((button) => button.getAttribute("aria-label")),
  );
  expect(small).toEqual([]);
  const send = await page.locator(".ck-send").boundingBox();
  expect(send?.x ?? 999).toBeLessThan(100);
});
