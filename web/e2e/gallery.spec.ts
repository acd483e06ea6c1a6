import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { hasFont } from "./fonts.ts";
import { expect, test } from "./gallery.ts";

const PAGES = {
  scenes: "scenes",
  frames: "card,list",
  boxes: "boxes,table",
  words: "text,badge,icon",
  media: "image,markdown,liberal",
  charts: "chart",
  buttons: "button",
  fields: "fields,choices,forms",
} as const;

for (const [name, only] of Object.entries(PAGES)) {
  for (const theme of ["light", "dark"] as const) {
    test(`${name} ${theme}: looks as it did, and axe finds nothing (F134, F174)`, async ({
      gallery,
      page,
    }) => {
      await page.setViewportSize({ width: 1180, height: 800 });
      await gallery.open({ only, theme });
      const { violations } = await new AxeBuilder({ page })
        // In the page itself: there are no frames of other origins, and a second page costs as much again.
        .setLegacyMode()
        .options({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
        // The page is a heap of samples; it has no outline to speak of.
        .disableRules(["region", "heading-order", "landmark-unique", "page-has-heading-one"])
        .analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary?.split("\n")[1]}`),
      );
      expect(found).toEqual([]);
      test.skip(!(await hasFont(page)), "Noto Sans is not installed");
      await expect(page.locator("#gallery")).toHaveScreenshot(`${name}-${theme}.png`, {
        maxDiffPixelRatio: 0.02,
      });
    });
  }
}

test.describe("looks as it did", () => {
  for (const only of ["scenes", "fields"] as const) {
    test(`${only} on 360 px (F134)`, async ({ gallery, page }) => {
      await page.setViewportSize({ width: 360, height: 800 });
      await gallery.open({ only: PAGES[only], width: 360 });
      test.skip(!(await hasFont(page)), "Noto Sans is not installed");
      await expect(page.locator("#gallery")).toHaveScreenshot(`${only}-narrow.png`, {
        maxDiffPixelRatio: 0.02,
      });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    });
  }

  test("scenes from right to left (F134)", async ({ gallery, page }) => {
    await page.setViewportSize({ width: 1180, height: 800 });
    await gallery.open({ only: "scenes", dir: "rtl" });
    test.skip(!(await hasFont(page)), "Noto Sans is not installed");
    await expect(page.locator("#gallery")).toHaveScreenshot("scenes-rtl.png", { maxDiffPixelRatio: 0.02 });
  });
});

test("sizes and distances are the documented ones (F137, F138)", async ({ gallery, page }) => {
  await gallery.show({
    type: "Card",
    children: [
      { type: "Title", value: "Title" },
      { type: "Text", value: "Text" },
      { type: "Caption", value: "Caption" },
      { type: "Button", label: "Button" },
      { type: "Badge", label: "Badge" },
      { type: "Input", name: "a" },
      { type: "Row", padding: 3, gap: 2, children: [{ type: "Icon", name: "check" }] },
    ],
  });
  const css = (selector: string, property: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
  expect(await css(".w-card", "width")).toBe("360px");
  expect(await css(".w-card-box", "padding-left")).toBe("16px");
  expect(await css(".w-card-box", "border-radius")).toBe("16px");
  expect([
    await css(".w-title", "font-size"),
    await css(".w-title", "line-height"),
    await css(".w-title", "font-weight"),
  ]).toEqual(["20px", "26px", "500"]);
  expect([await css(".w-text", "font-size"), await css(".w-text", "line-height")]).toEqual(["16px", "24px"]);
  expect([await css(".w-caption", "font-size"), await css(".w-caption", "line-height")]).toEqual([
    "12px",
    "18px",
  ]);
  expect(await css(".w-text", "margin-top")).toBe("4px");
  expect(await css(".w-button", "margin-top")).toBe("12px");
  expect(await css(".w-button", "height")).toBe("36px");
  expect(await css(".w-badge", "height")).toBe("20px");
  expect(await css(".w-input .ck-field", "height")).toBe("32px");
  expect([await css(".w-row", "padding-left"), await css(".w-row", "gap")]).toEqual(["12px", "8px"]);
});

test("the page's own styles reach nothing (F168)", async ({ gallery, page }) => {
  const widget = {
    type: "Card",
    children: [
      { type: "Text", value: "Text" },
      { type: "Button", label: "Button" },
      { type: "Input", name: "a" },
    ],
  };
  await gallery.show(widget);
  const measure = () =>
    page.locator("chatkit-widget").evaluate((element) =>
      [...(element.shadowRoot?.querySelectorAll(".w-card, .w-text, button, input") ?? [])].map((part) => {
        const {
          color,
          fontSize,
          fontFamily,
          letterSpacing,
          textTransform,
          lineHeight,
          textAlign,
          width,
          height,
        } = getComputedStyle(part);
        return {
          color,
          fontSize,
          fontFamily,
          letterSpacing,
          textTransform,
          lineHeight,
          textAlign,
          width,
          height,
        };
      }),
    );
  const before = await measure();
  await page.addStyleTag({
    content: `html{font-size:30px} *{font-family:serif;color:red;letter-spacing:4px;text-transform:uppercase;line-height:3;text-align:right;box-sizing:content-box;cursor:crosshair}
      button,input{all:unset;border:9px solid lime;padding:40px} div{margin:50px;float:left}`,
  });
  expect(await measure()).toEqual(before);
});

test("the page overrides any variable on the element (F165)", async ({ gallery, page }) => {
  await gallery.show({ type: "Card", children: [{ type: "Text", value: "Text" }] });
  await page.addStyleTag({
    content: "chatkit-widget{--ck-color-surface-elevated:rgb(1 2 3);--ck-radius-2xl:3px}",
  });
  const [background, radius] = await page.locator(".w-card-box").evaluate((element) => {
    const { backgroundColor, borderRadius } = getComputedStyle(element);
    return [backgroundColor, borderRadius];
  });
  expect([background, radius]).toEqual(["rgb(1, 2, 3)", "3px"]);
});

test("dark subtrees take dark colours in a light page (F140)", async ({ gallery, page }) => {
  await gallery.show({
    type: "Card",
    theme: "dark",
    children: [
      { type: "Text", value: "Text" },
      { type: "Text", value: "Pair", color: { light: "#111111", dark: "#eeeeee" } },
    ],
  });
  const colours = await page
    .locator(".w-text")
    .evaluateAll((all) => all.map((each) => getComputedStyle(each).color));
  expect(colours).toEqual(["rgb(255, 255, 255)", "rgb(238, 238, 238)"]);
});

test.describe("with the keyboard alone", () => {
  test("a select is opened, walked through and closed (F155, F172)", async ({ gallery, page }) => {
    const options = Array.from({ length: 20 }, (_, index) => ({
      value: `v${index}`,
      label: `Stop ${index}`,
    }));
    await gallery.show({
      type: "Card",
      children: [{ type: "Select", name: "s", options, onChangeAction: { type: "chosen" } }],
    });
    const button = page.getByRole("button", { name: /^s:/ });
    await button.focus();
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("combobox")).toBeFocused();
    await page.keyboard.type("stop 1");
    await expect(page.getByRole("option")).toHaveCount(11);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("listbox")).toHaveCount(0);
    await expect(button).toBeFocused();
    expect(await gallery.actions()).toEqual([{ type: "chosen", payload: { s: "v10" } }]);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("combobox")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("listbox")).toHaveCount(0);
    await expect(button).toBeFocused();
  });

  test("a day is picked (F156, F172)", async ({ gallery, page }) => {
    await gallery.show({
      type: "Card",
      children: [
        {
          type: "DatePicker",
          name: "d",
          defaultValue: "2026-02-14",
          max: "2026-02-20",
          onChangeAction: { type: "day" },
        },
      ],
    });
    const button = page.getByRole("button", { name: /^d:/ });
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(page.locator('[data-day="2026-02-14"]')).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(page.locator('[data-day="2026-02-20"]')).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("grid")).toHaveCount(0);
    await expect(button).toBeFocused();
    expect(await gallery.actions()).toEqual([{ type: "day", payload: { d: "2026-02-20" } }]);
  });

  test("a day of the month beside is picked with one press (F156)", async ({ gallery, page }) => {
    await gallery.show({
      type: "Card",
      children: [
        { type: "DatePicker", name: "d", defaultValue: "2026-02-14", onChangeAction: { type: "day" } },
      ],
    });
    await page.getByRole("button", { name: /^d:/ }).click();
    await page.locator('[data-day="2026-03-03"]').click();
    expect(await gallery.actions()).toEqual([{ type: "day", payload: { d: "2026-03-03" } }]);
  });

  test("choices, rows, toggles and forms (F150, F152, F153, F172)", async ({ gallery, page }) => {
    await gallery.show({
      type: "Card",
      asForm: true,
      confirm: { label: "Send", action: { type: "send" } },
      children: [
        { type: "Checkbox", name: "news", label: "News" },
        {
          type: "RadioGroup",
          name: "seat",
          defaultValue: "a",
          options: [
            { value: "a", label: "Aisle" },
            { value: "w", label: "Window" },
          ],
        },
        { type: "Input", name: "mail", inputType: "email", required: true },
      ],
    });
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await gallery.actions()).toEqual([]);
    await page.keyboard.type("a@example.org");
    await page.keyboard.press("Enter");
    expect(await gallery.actions()).toEqual([
      { type: "send", payload: { news: true, seat: "w", mail: "a@example.org" } },
    ]);
  });

  test("a row of a list is one stop and shows its focus (F172)", async ({ gallery, page }) => {
    await gallery.show({
      type: "ListView",
      children: [
        {
          type: "ListViewItem",
          onClickAction: { type: "open" },
          children: [{ type: "Text", value: "First" }],
        },
      ],
    });
    await page.keyboard.press("Tab");
    const row = page.getByRole("button", { name: "First" });
    await expect(row).toBeFocused();
    expect(await row.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe("solid");
    await page.keyboard.press("Enter");
    expect(await gallery.actions()).toEqual([{ type: "open" }]);
  });
});

test("a collision is left out and reported (F149)", async ({ gallery, page }) => {
  await gallery.show({
    type: "Card",
    children: [
      {
        type: "Form",
        onSubmitAction: { type: "save", payload: { title: "fixed" } },
        children: [
          { type: "Input", name: "title", defaultValue: "typed" },
          { type: "Button", label: "Save", submit: true },
        ],
      },
    ],
  });
  await page.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => gallery.complaints()).toContainEqual(expect.stringContaining('"title"'));
  expect(await gallery.actions()).toEqual([{ type: "save", payload: { title: "fixed" } }]);
});

test("a menu of options stays inside the window and above everything else", async ({ gallery, page }) => {
  await page.setViewportSize({ width: 375, height: 420 });
  const options = Array.from({ length: 14 }, (_, index) => ({ value: `v${index}`, label: `Stop ${index}` }));
  await gallery.show({
    type: "Card",
    children: [
      { type: "Box", height: 200 },
      { type: "Select", name: "s", options },
    ],
  });
  await page.getByRole("button", { name: /^s:/ }).click();
  const menu = page.locator(".w-options");
  // It goes to its place once it has been measured.
  await expect(menu).toBeVisible();
  await expect
    .poll(async () => {
      const box = await menu.boundingBox();
      return box && box.x >= 0 && box.y >= 0 && box.x + box.width <= 375 && box.y + box.height <= 420;
    })
    .toBe(true);
});

test("nothing moves for those who asked for less motion (F159)", async ({ gallery, page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await gallery.show({ type: "Card", children: [{ type: "Button", label: "Go" }] });
  const button = page.getByRole("button", { name: "Go" });
  const longest = await button.evaluate((element) =>
    Math.max(...getComputedStyle(element).transitionDuration.split(",").map(Number.parseFloat)),
  );
  expect(longest).toBeLessThanOrEqual(0.001);
});

test("a chart says its values under the pointer (F160)", async ({ gallery, page }) => {
  await gallery.open({ only: "chart" });
  const chart = page.getByRole("img", { name: /Visits, Orders/ });
  await chart.hover({ position: { x: 60, y: 80 } });
  await expect(page.locator(".w-chart-tooltip")).toContainText("Jan");
});

test("fonts of the theme are known inside the shadow root, and gone with the theme (F167)", async ({
  gallery,
  page,
}) => {
  await gallery.show({ type: "Text", value: "Text" });
  const set = (sources: object[]) =>
    page.locator("chatkit-widget").evaluate((element, fontSources) => {
      const themed = element as HTMLElement & { theme: unknown };
      themed.theme = { typography: { fontFamily: "Fixture Sans", fontSources } };
      return [...document.fonts].map(({ family, weight }) => `${family.replaceAll('"', "")} ${weight}`);
    }, sources);
  const source = { family: "Fixture Sans", src: "/gallery/images/no-font.woff2", weight: 500 };
  expect(await set([source])).toEqual(["Fixture Sans 500"]);
  await expect.poll(() => gallery.complaints()).toHaveLength(1);
  expect(await page.locator(".w-text").evaluate((element) => getComputedStyle(element).fontFamily)).toBe(
    '"Fixture Sans"',
  );
  expect(await set([])).toEqual([]);
});

const everything = {
  type: "Card",
  background: "linear-gradient(#fff, #eee)",
  children: [
    { type: "Markdown", value: "Some **bold** text" },
    { type: "Icon", name: "lucide:plane" },
    { type: "Select", name: "s", options: [{ value: "a", label: "A" }] },
    { type: "DatePicker", name: "d" },
    {
      type: "Chart",
      data: [
        { x: "a", y: 1 },
        { x: "b", y: 2 },
      ],
      xAxis: "x",
      series: [{ type: "bar", dataKey: "y" }],
    },
  ],
};

const built = fileURLToPath(new URL("../../src/chatkit/_static/", import.meta.url));

test("the built element works under a strict policy, with every lazy part and no other host (F169, F170)", async ({
  page,
}) => {
  test.skip(!existsSync(`${built}widget.js`), "the web client is not built: npm run build");
  const policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; require-trusted-types-for 'script'";
  const asked: string[] = [];
  const violations: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy|TrustedHTML|Trusted Type/i.test(message.text()))
      violations.push(message.text());
  });
  page.on("pageerror", (error) => violations.push(String(error)));
  await page.route("**/*", async (route) => {
    const { origin, pathname } = new URL(route.request().url());
    asked.push(origin);
    if (pathname === "/") {
      await route.fulfill({
        contentType: "text/html",
        headers: { "Content-Security-Policy": policy },
        body: '<!doctype html><html lang="en"><title>Strict</title><script src="/widget.js"></script><chatkit-widget src="/w.json"></chatkit-widget>',
      });
    } else if (pathname === "/w.json") {
      await route.fulfill({ json: everything });
    } else {
      await route.fulfill({ path: `${built}${pathname.slice(1)}` });
    }
  });
  await page.goto("http://strict.test/");
  await expect(page.locator(".w-chart-bars path")).toHaveCount(2);
  await expect(page.locator("svg[data-icon='lucide:plane'] path").first()).toBeAttached();
  await page.getByRole("button", { name: /^d:/ }).click();
  await page.getByRole("grid").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^s:/ }).click();
  await page.getByRole("listbox").waitFor();
  await expect(page.locator(".w-markdown strong")).toHaveText("bold");
  expect(violations).toEqual([]);
  expect(new Set(asked)).toEqual(new Set(["http://strict.test"]));
});
