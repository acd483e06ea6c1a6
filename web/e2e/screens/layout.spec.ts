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
  await expect
    .poll(() => page.locator(".ck-launch-box").boundingBox())
    .toMatchObject({ x: 480, y: 0, width: 420, height: 700 });
});

for (const [width, height] of [
  [375, 667],
  [900, 700],
  [1600, 900],
] as const) {
  test(`nothing sticks out of a window ${width} px wide`, async ({ page, screens }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ reducedMotion: "reduce" }); // the history slides in from outside
    for (const name of ["start", "answer", "items", "problems", "question", "approval", "history", "draft"]) {
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

for (const scheme of ["light", "dark"]) {
  test(`F122 the disclaimer has a contrast of 4.5, and of 7 when the page asks for more, in ${scheme}`, async ({
    page,
    screens,
  }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await screens.open("start", scheme);
    const contrast = (highContrast: boolean): Promise<number> =>
      page.evaluate(async (high) => {
        const { options } = (globalThis as unknown as { screens: { options: { value: object } } }).screens;
        options.value = {
          ...options.value,
          disclaimer: { text: "Answers can be wrong.", highContrast: high },
        };
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const root = document.querySelector("div")?.shadowRoot;
        const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        const light = (color: string): number => {
          if (!canvas) return 0;
          canvas.fillStyle = color;
          canvas.fillRect(0, 0, 1, 1);
          const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) =>
            part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
          );
          return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        const text = root?.querySelector(".ck-disclaimer p");
        const view = root?.querySelector(".ck-view");
        if (!text || !view) throw new Error("There is no disclaimer");
        const [a, b] = [light(getComputedStyle(view).backgroundColor), light(getComputedStyle(text).color)];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      }, highContrast);
    expect(await contrast(false)).toBeGreaterThanOrEqual(4.5);
    expect(await contrast(true)).toBeGreaterThanOrEqual(7);
  });
}
