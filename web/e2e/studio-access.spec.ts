import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { blank, expect, fromGallery, test, view, widget } from "./studio-fixture.ts";

test.describe.configure({ timeout: 180_000 });

interface Fault {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** CodeMirror's scroller is reached through the text inside it, which axe does not see. */
const ofTheEditor = (fault: Fault): boolean => fault.nodes.every((node) => node.html.includes("cm-scroller"));

async function faults(page: Page, screen: string, part: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    // In the page itself: there are no frames of other origins, and a second page costs as much again.
    .setLegacyMode()
    .include({ fromShadowDom: ["#studio", part] })
    .analyze();
  return violations
    .filter((one) => !ofTheEditor(one))
    .map((one) => `${screen} ${one.id}: ${one.nodes[0]?.html.slice(0, 160)}`);
}

/** Colours are on their way for a moment after a screen comes up. */
const expectNone = (page: Page, screen: string, part = ".shell"): Promise<void> =>
  expect.poll(() => faults(page, screen, part), { timeout: 60_000 }).toEqual([]);

for (const scheme of ["light", "dark"] as const) {
  test(`axe finds no fault on any screen, ${scheme}`, async ({ open: page }) => {
    await page.emulateMedia({ reducedMotion: "reduce", colorScheme: scheme });
    const go = (hash: string): Promise<void> =>
      page.evaluate((to) => {
        location.hash = to;
      }, hash);
    await expectNone(page, "home");
    for (const [hash, heading] of [
      ["#/components/Badge", "Badge"],
      ["#/tokens", "Colours and tokens"],
      ["#/shortcuts", "Keyboard shortcuts"],
    ] as const) {
      await go(hash);
      await expect(page.getByRole("heading", { name: heading, level: 1 })).toBeVisible();
      await expectNone(page, hash, ".main");
    }
    await go("#/");
    await fromGallery(page, "Approval");
    await widget(page).getByRole("button", { name: "Approve" }).click();
    await widget(page).getByText("Approve", { exact: true }).first().click();
    await page.getByRole("tab", { name: /Actions/ }).click();
    await page.getByRole("button", { name: "Theme of the preview" }).click();
    await expectNone(page, "editor");
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: "Output" }).click();
    await page.keyboard.press("ControlOrMeta+k");
    await expectNone(page, "palette", ".palette");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+Shift+s");
    await expectNone(page, "dialog", "dialog");
  });
}

test("icons have no fault that axe can find", async ({ open: page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.getByRole("button", { name: "Icons", exact: true }).click();
  await page.getByRole("searchbox", { name: "Search icons" }).fill("calendar");
  await expect(page.getByRole("button", { name: "calendar", exact: true }).first()).toBeVisible();
  await expectNone(page, "icons");
});

test("a widget is drawn, changed and saved without a mouse", async ({ open: page }) => {
  await page.keyboard.press("Alt+n");
  await expect(widget(page).getByText("Hello")).toBeVisible();
  await page.keyboard.press("Alt+1");
  await expect(view(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(view(page)).not.toBeFocused();
  const tree = page.getByRole("tree");
  await tree.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("treeitem", { selected: true })).toContainText("Text");
  await page.keyboard.press("Alt+i");
  await expect(page.locator(".palette").getByRole("combobox")).toBeFocused();
  await page.keyboard.type("Badge");
  await page.keyboard.press("Enter");
  await expect(widget(page).getByText("New", { exact: true })).toBeVisible();
  await expect(page.getByRole("treeitem", { selected: true })).toContainText("Badge");
  await page.keyboard.press("Alt+Shift+ArrowUp");
  await expect(view(page)).toContainText(/Badge[\s\S]*message/);
  await page.keyboard.press("ControlOrMeta+s");
  const field = page.getByRole("dialog").getByRole("textbox");
  await expect(field).toHaveValue("untitled-widget.widget");
  await expect(field).toBeFocused();
  await page.keyboard.type("keys");
  await expect(field).toHaveValue("keys.widget");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Saved to keys.widget")).toBeVisible();
});

test("every button is reached with Tab", async ({ open: page }) => {
  await fromGallery(page, "Approval");
  await expect(widget(page).getByRole("button", { name: "Approve" })).toBeVisible();
  const unreachable = await page.evaluate(() => {
    const root = document.getElementById("studio")?.shadowRoot;
    const buttons = [...(root?.querySelectorAll<HTMLButtonElement>("button:not(:disabled)") ?? [])];
    return buttons
      .filter((one) => one.tabIndex < 0 && one.getAttribute("role") !== "tab")
      .map((one) => one.getAttribute("aria-label") ?? one.textContent);
  });
  expect(unreachable).toEqual([]);
});

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

test("1024 px hold everything; a phone gets gallery and preview", async ({ open: page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await blank(page);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  for (const name of ["Save", "Export", "Undo", "Side bar"]) {
    await expect(page.getByRole("banner").getByRole("button", { name, exact: true })).toBeInViewport({
      ratio: 1,
    });
  }
  await widget(page).getByText("Hello").click();
  await expect(page.getByRole("complementary", { name: "Properties" })).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 390, height: 780 });
  await expect(widget(page).getByText("Hello")).toBeInViewport();
  await expect(view(page)).toBeHidden();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Studio", exact: true }).click();
  await page.getByRole("button", { name: "Flight status" }).click();
  await expect(widget(page).getByText("NL 417")).toBeInViewport();
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});
