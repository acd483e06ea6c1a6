/** Somebody who is faster than the machine: keys before the next picture, clicks before the last answer. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import {
  blank,
  data,
  expect,
  fill,
  GALLERY,
  put,
  replaceFile,
  type Studio,
  test,
  view,
  widget,
} from "./studio-fixture.ts";

test.describe.configure({ timeout: 90_000 });

interface Key {
  readonly key: string;
  readonly ctrlKey?: true;
  readonly altKey?: true;
  readonly shiftKey?: true;
}

/** Presses a key, and tells where the focus is before anything else can happen: not even a frame was drawn. */
const focusAfter = (page: Page, pressed: Key): Promise<string | null> =>
  page.evaluate(async (given) => {
    const focused = (): Element => {
      let active: Element = document.activeElement ?? document.body;
      while (active.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active;
    };
    const way = { bubbles: true, composed: true, cancelable: true };
    focused().dispatchEvent(new KeyboardEvent("keydown", { ...given, ...way }));
    for (let step = 0; step < 20; step++) await Promise.resolve();
    return focused().ariaLabel;
  }, pressed);

/** Settles when the page has taken in whatever was answered before. */
const takenIn = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch("/api/files", { method: "POST", headers, body: "{}" });
    return answer.text();
  });

/** Holds the answers of a part of the server back until it is called. */
async function hold(page: Page, verb: string, which: (ask: string) => boolean = () => true) {
  let release = (): void => {};
  const released = new Promise<void>((done) => {
    release = done;
  });
  let held = 0;
  await page.route(`**/api/${verb}`, async (route) => {
    if (!which(route.request().postData() ?? "")) return route.fallback();
    held++;
    await released;
    await route.continue();
  });
  // A page that is busy may still send a request past a route that was just put up.
  await page.route("**/?held", (route) => route.fulfill({ status: 204 }));
  await expect.poll(() => page.evaluate(async () => (await fetch("/?held")).status)).toBe(204);
  return {
    /** Settles when so many are held. */
    holds: (count: number): Promise<void> => expect.poll(() => held).toBeGreaterThanOrEqual(count),
    release: async (): Promise<void> => {
      const answered = page.waitForResponse((answer) => answer.url().endsWith(`/api/${verb}`));
      release();
      await answered;
      await takenIn(page);
    },
  };
}

const files = (studio: Studio, ...names: readonly string[]): void => {
  for (const name of names) copyFileSync(join(GALLERY, name), join(studio.folder, name));
};

const row = (page: Page) => page.getByRole("treeitem");

const SMALL = '<Card>\n  <Text value="One" />\n  <Text value="Two" />\n  <Row />\n</Card>\n';

test("what is typed right after a shortcut goes where the shortcut leads", async ({ open: page }) => {
  expect(await focusAfter(page, { key: "k", ctrlKey: true })).toBe("Search everything");
  await page.keyboard.press("Escape");
  await blank(page);
  expect(await focusAfter(page, { key: "1", altKey: true })).toBe("View, JSX");
  expect(await focusAfter(page, { key: "2", altKey: true })).toMatch(/^Data of the state/);
  expect(await focusAfter(page, { key: "3", altKey: true })).toBe("Schema");
  expect(await focusAfter(page, { key: "i", altKey: true })).toBe("Insert a component");
  await page.keyboard.press("Escape");
  expect(await focusAfter(page, { key: "s", ctrlKey: true, shiftKey: true })).toBe("Path below the folder");
  const field = page.getByRole("dialog").getByRole("textbox");
  const marked = await field.evaluate((one: HTMLInputElement) => one.value.slice(0, one.selectionEnd ?? 0));
  expect(marked).toBe("untitled-widget");
});

test("a key goes to the problem that it is told of, in whichever pane", async ({ open: page }) => {
  await blank(page);
  await fill(data(page), '{"message": ');
  await page.getByRole("tab", { name: "Schema" }).click();
  await expect(page.getByRole("button", { name: "1 error" })).toBeVisible();
  await view(page).focus();
  expect(await focusAfter(page, { key: "F8" })).toMatch(/^Data of the state/);
});

test("of two files that are opened one after the other, the second is shown", async ({
  open: page,
  studio,
}) => {
  files(studio, "flight.widget", "quiz.widget");
  const slow = await hold(page, "open", (ask) => ask.includes("flight.widget"));
  await page.getByRole("button", { name: "flight", exact: true }).click();
  await slow.holds(1);
  await page.getByRole("button", { name: "quiz", exact: true }).click();
  await expect(page.locator(".path")).toHaveText("quiz.widget");
  await slow.release();
  await expect(page.locator(".path")).toHaveText("quiz.widget");
});

test("who goes elsewhere while a file is opened stays there", async ({ open: page, studio }) => {
  files(studio, "flight.widget");
  const slow = await hold(page, "open");
  await page.getByRole("button", { name: "flight", exact: true }).click();
  await slow.holds(1);
  await page.getByRole("button", { name: "Tokens", exact: true }).click();
  await slow.release();
  await expect(page.getByRole("heading", { name: "Colours and tokens" })).toBeVisible();
});

test("a change of one file on the disk never reaches another that was opened meanwhile", async ({
  open: page,
  studio,
}) => {
  files(studio, "flight.widget", "quiz.widget");
  // At the start, when the line stands and once more after it: from then on only the line tells.
  const looks = (): number =>
    performance.getEntriesByType("resource").filter((one) => one.name.endsWith("/api/files")).length;
  await expect.poll(() => page.evaluate(looks)).toBeGreaterThanOrEqual(3);
  await page.getByRole("button", { name: "flight", exact: true }).click();
  await expect(widget(page).getByText("NL 417")).toBeVisible();
  const slow = await hold(page, "open", (ask) => ask.includes("flight.widget"));
  replaceFile(join(studio.folder, "flight.widget"), readFileSync(join(GALLERY, "sales.widget"), "utf8"));
  await slow.holds(1);
  await page.getByRole("button", { name: "quiz", exact: true }).click();
  await expect(page.locator(".path")).toHaveText("quiz.widget");
  const text = (await view(page).textContent()) ?? "";
  await slow.release();
  await expect(view(page)).toHaveText(text);
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("a conflict that was put aside is not asked about again", async ({ open: page, studio }) => {
  files(studio, "flight.widget");
  await page.getByRole("button", { name: "flight", exact: true }).click();
  await put(page, '<Card><Text value="Mine" /></Card>');
  await expect(widget(page).getByText("Mine")).toBeVisible();
  replaceFile(join(studio.folder, "flight.widget"), readFileSync(join(GALLERY, "sales.widget"), "utf8"));
  const dialog = page.getByRole("dialog", { name: "The file was changed elsewhere" });
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  // The page looks at the folder again when somebody comes back to it.
  const slow = await hold(page, "open");
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await slow.holds(1);
  await slow.release();
  await slow.holds(2);
  await takenIn(page);
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "Changed elsewhere" })).toBeVisible();
});

test("a file that could not be read is shown when it has other content", async ({ open: page, studio }) => {
  const place = join(studio.folder, "half.widget");
  writeFileSync(place, '{"version": "1.0", "na');
  await page.getByRole("button", { name: "half", exact: true }).click();
  await expect(page.getByRole("heading", { name: "half.widget" })).toBeVisible();
  replaceFile(place, readFileSync(join(GALLERY, "flight.widget"), "utf8"));
  await expect(widget(page).getByText("NL 417")).toBeVisible();
});

test("while a text is being built, tree and properties tell of the one before, whole", async ({
  open: page,
}) => {
  await blank(page, SMALL);
  await row(page).filter({ hasText: "Two" }).click();
  const value = page
    .getByRole("complementary", { name: "Properties" })
    .getByRole("textbox", { name: "value" });
  await expect(value).toHaveValue("Two");
  await expect(page.getByRole("button", { name: "No problems" })).toBeVisible();
  const slow = await hold(page, "build");
  await put(page, `<Card>\n  <Badge label="x" /><Icon name="star" />${SMALL.slice(6)}`);
  await slow.holds(1);
  await expect(row(page)).toHaveText([/Card/, /One/, /Two/, /Row/]);
  await expect(value).toHaveValue("Two");
  // What a row stands for may be another by the time it is dropped.
  await row(page)
    .filter({ hasText: "One" })
    .dragTo(row(page).filter({ hasText: "Row" }));
  await slow.release();
  await expect(row(page)).toHaveText([/Card/, /Badge/, /Icon/, /One/, /Two/, /Row/]);
  await expect(page.getByRole("treeitem", { selected: true })).toHaveCount(1);
  await expect(view(page)).toContainText(/<Text value="Two" \/>\s*<Row \/>/);
});

test("what is typed is selected once it is built, not what was there before", async ({ open: page }) => {
  await blank(page, SMALL);
  await expect(row(page).filter({ hasText: "Two" })).toBeVisible();
  await view(page).click();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("End");
  const slow = await hold(page, "build");
  await page.keyboard.insertText(
    '<Badge label="longer than all that was there before" /><Icon name="star" />',
  );
  await slow.holds(1);
  await slow.release();
  await expect(page.getByRole("treeitem", { selected: true })).toContainText("Icon");
});

test("a change of the panels is carried out although somebody types on", async ({ open: page }) => {
  await blank(page, SMALL);
  await row(page).filter({ hasText: "Two" }).click();
  const slow = await hold(page, "edit");
  await page.keyboard.press("Alt+d");
  await slow.holds(1);
  await view(page).click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.insertText("\n");
  await slow.release();
  await expect(row(page)).toHaveText([/Card/, /One/, /Two/, /Two/, /Row/]);
});

test("after Escape, Tab leaves the editor however late it comes", async ({ open: page }) => {
  await blank(page);
  await view(page).click();
  await page.keyboard.press("Escape");
  await page.clock.setSystemTime(Date.now() + 60_000);
  await page.keyboard.press("Tab");
  await expect(view(page)).not.toBeFocused();
});

test("what is pressed right after another state has come is what gets selected", async ({ open: page }) => {
  await blank(page, '<Card>{items.map((one) => <Text key={one} value={one} />)}<Badge label="End" /></Card>');
  await fill(data(page), '{"message": "x", "items": ["a", "b"]}');
  await expect(widget(page).getByText("b", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "New state" }).click();
  await page.keyboard.press("Enter");
  await fill(data(page), '{"message": "x", "items": []}');
  await expect(widget(page).getByText("b", { exact: true })).toBeHidden();
  const slow = await hold(page, "build");
  await page.getByRole("tab", { name: "Default" }).click();
  await expect(widget(page).getByText("b", { exact: true })).toBeVisible();
  await widget(page).getByText("End").click();
  await slow.holds(1);
  await slow.release();
  await expect(page.getByRole("treeitem", { selected: true })).toContainText("Badge");
});
