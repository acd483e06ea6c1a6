import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import {
  blank,
  data,
  drawer,
  expect,
  fill,
  fromGallery,
  GALLERY,
  put,
  replaceFile,
  saved,
  schema,
  test,
  view,
  widget,
} from "./studio-fixture.ts";

test.describe.configure({ timeout: 90_000 });

test("a widget goes from blank to a saved file", async ({ open: page, studio }) => {
  await blank(
    page,
    '<Card size="sm">\n  <Title value={message} size="lg" />\n  <Badge label="New" color="info" />\n</Card>\n',
  );
  await expect(widget(page).getByText("New", { exact: true })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+s");
  const dialog = page.getByRole("dialog", { name: "Save to the folder" });
  await dialog.getByRole("textbox").fill("../hello.widget");
  await expect(dialog.getByRole("button", { name: "Save" })).toBeDisabled();
  await dialog.getByRole("textbox").fill("cards/hello.widget");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved to cards/hello.widget")).toBeVisible();
  const file = saved(readFileSync(join(studio.folder, "cards/hello.widget"), "utf8"));
  expect(file.template).toContain('"label":"New"');
});

test("a mistake is told where it is made, and one press puts it right", async ({ open: page }) => {
  await blank(page, '<Card>\n  <Badge label="x" colour="info" />\n</Card>\n');
  await expect(page.locator(".cm-lint-marker-warning")).toBeVisible();
  await page.getByRole("button", { name: "1 warning" }).click();
  await expect(page.getByText("Did you mean `color`?")).toBeVisible();
  await page.getByRole("button", { name: "Change to color" }).click();
  await expect(view(page)).toContainText('color="info"');
  await expect(page.getByRole("button", { name: "No problems" })).toBeVisible();
});

test("F8 goes from problem to problem through all panes, and a key carries out the fix", async ({
  open: page,
}) => {
  await blank(page, '<Card>\n  <Badge label="x" colour="info" />\n  <Text value={massage} />\n</Card>\n');
  await fill(data(page), '{"message": ');
  await expect(page.getByRole("button", { name: /error/ })).toBeVisible();
  const problems = drawer(page).getByRole("listitem");
  await page.keyboard.press("F8");
  await expect(drawer(page).locator('[aria-current="true"]')).toHaveCount(1);
  await expect(problems.filter({ hasText: "massage" })).not.toHaveCount(0);
  await expect(problems.filter({ hasText: "colour" })).not.toHaveCount(0);
  const count = await problems.count();
  const seen = new Set<string>();
  for (let step = 0; step < count; step++) {
    const now = drawer(page).locator('[aria-current="true"]');
    seen.add((await now.textContent()) ?? "");
    const before = await now.textContent();
    await page.keyboard.press("F8");
    await expect(now).not.toHaveText(before ?? "");
  }
  expect(seen.size).toBe(count);
  const badge = problems.filter({ hasText: "colour" });
  await badge.getByRole("button").first().click();
  await expect(view(page)).toBeFocused();
  await page.keyboard.press("ControlOrMeta+.");
  await expect(view(page)).toContainText('color="info"');
  await page.keyboard.press("Shift+F8");
  await expect(drawer(page).locator('[aria-current="true"]')).toHaveCount(1);
});

test("panel, tree and source are one", async ({ open: page }) => {
  await fromGallery(page, "Flight status");
  await widget(page).getByText("NL 417").click();
  const panel = page.getByRole("complementary", { name: "Properties" });
  await expect(panel.getByRole("heading")).toHaveText("Title");
  await expect(page.getByRole("treeitem", { selected: true })).toContainText("flight.number");
  await page.getByRole("combobox", { name: "size" }).selectOption("lg");
  await expect(view(page)).toContainText('<Title value={flight.number} size="lg" />');
  await page.keyboard.press("ControlOrMeta+z");
  await expect(view(page)).toContainText('<Title value={flight.number} size="sm" />');
  await page.getByRole("button", { name: "Take size away" }).click();
  await expect(view(page)).toContainText("<Title value={flight.number} />");
  await panel.getByRole("textbox", { name: "value" }).fill("{flight.gate}");
  await page.keyboard.press("Enter");
  await expect(view(page)).toContainText("<Title value={flight.gate} />");
  await view(page).locator(".cm-line").nth(2).click();
  await page.keyboard.press("Home");
  for (let step = 0; step < "<Title".length; step++) await page.keyboard.press("ArrowRight");
  await page.keyboard.insertText(' size="xl"');
  await expect(page.getByRole("combobox", { name: "size" })).toHaveValue("xl");
});

const SMALL =
  '<Card>\n  <Text value="One" />\n  <Text value="Two" />\n  <Row>\n    <Text value="Three" />\n  </Row>\n</Card>\n';

test("elements are moved, doubled, wrapped and removed by key, and the selection stays with them", async ({
  open: page,
}) => {
  await blank(page, SMALL);
  await widget(page).getByText("One").click();
  const chosen = page.getByRole("treeitem", { selected: true });
  await expect(chosen).toContainText("One");
  await page.keyboard.press("Alt+Shift+ArrowDown");
  await expect(view(page)).toContainText(/Two[\s\S]*One/);
  await expect(chosen).toContainText("One");
  await page.keyboard.press("Alt+d");
  await expect(widget(page).getByText("One")).toHaveCount(2);
  await page.keyboard.press("Alt+Backspace");
  await expect(widget(page).getByText("One")).toHaveCount(1);
  await widget(page).getByText("One").click();
  await page.getByRole("button", { name: "Wrap in a Col" }).click();
  await expect(chosen).toContainText("Col");
  await expect(view(page)).toContainText(/<Col>\s*<Text value="One" \/>\s*<\/Col>/);
});

test("rows of the tree are dragged to another place", async ({ open: page }) => {
  await blank(page, SMALL);
  await expect(widget(page).getByText("Three")).toBeVisible();
  const row = (name: string | RegExp) => page.getByRole("treeitem").filter({ hasText: name });
  await row("One").dragTo(row("Row"), { targetPosition: { x: 60, y: 12 } });
  await expect(view(page)).toContainText(/<Row>\s*<Text value="Three" \/>\s*<Text value="One" \/>\s*<\/Row>/);
  // The tree follows the text as soon as that is built.
  await expect(page.getByRole("treeitem")).toHaveText([/Card/, /Two/, /Row/, /Three/, /One/]);
  await row("Two").dragTo(row("Row"), { targetPosition: { x: 60, y: 23 } });
  await expect(view(page)).toContainText(/<\/Row>\s*<Text value="Two" \/>\s*<\/Card>/);
});

test("a component is put in from the palette, and data is picked for it", async ({ open: page }) => {
  await blank(page, "<Card>\n  <Row />\n</Card>\n");
  await page.getByRole("treeitem").filter({ hasText: "Row" }).click();
  await page.keyboard.press("Alt+i");
  await expect(page.locator(".palette").getByRole("combobox")).toBeFocused();
  await page.keyboard.type("Badge");
  await page.keyboard.press("Enter");
  await expect(view(page)).toContainText(/<Row>\s*<Badge label="New" color="info" \/>\s*<\/Row>/);
  await expect(page.getByRole("treeitem", { selected: true })).toContainText("Badge");
  await page.getByRole("button", { name: "Take label from the data" }).click();
  await page.getByRole("menuitem", { name: /^message/ }).click();
  await expect(view(page)).toContainText("label={message}");
  await expect(widget(page).getByText("Hello")).toBeVisible();
});

/** Puts the caret into the second line, that many characters from its start. */
async function toSecondLine(page: Page, characters: number): Promise<void> {
  for (const key of ["ControlOrMeta+Home", "ArrowDown", "Home"]) await page.keyboard.press(key);
  for (let step = 0; step < characters; step++) await page.keyboard.press("ArrowRight");
}

test("completion offers components, props, values, icons and paths into the data", async ({ open: page }) => {
  await blank(page, "<Card>\n  \n</Card>");
  const options = page.getByRole("listbox", { name: "Completions" });
  const type = async (text: string): Promise<void> => {
    for (const letter of text) await page.keyboard.type(letter);
  };
  await view(page).click();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await type("<Bad");
  await options.getByText("Badge").click();
  await type(" la");
  await expect(options.getByText("label")).toBeVisible();
  await page.keyboard.press("Escape");
  await type('bel="x" color="disc');
  await expect(options.getByText("discovery")).toBeVisible();
  await page.keyboard.press("Escape");
  await put(page, '<Card>\n  <Icon name="" />\n</Card>');
  await toSecondLine(page, 12);
  await type("lifes");
  await expect(options.getByText("lifesaver")).toBeVisible();
  await page.keyboard.press("Escape");
  await put(page, "<Card>\n  <Text value={} />\n</Card>");
  await toSecondLine(page, 13);
  await type("mes");
  await options.getByText("message").click();
  await expect(view(page)).toContainText("value={message}");
});

test("what the pointer rests on is explained", async ({ open: page }) => {
  await blank(page, '<Card>\n  <Badge label="x" color="info" />\n</Card>');
  // The name alone, once it has a colour of its own: the middle of its line is another word.
  await view(page).getByText("Badge", { exact: true }).hover();
  await expect(page.locator(".hover-card")).toContainText("Badge");
});

test("view, schema and data are set in the house style by one key", async ({ open: page }) => {
  await blank(page, '<Card><Text value="a"/><Text value={message}/></Card>');
  await fill(data(page), '{"message":"Hi"}');
  await page.getByRole("tab", { name: "Schema" }).click();
  await fill(
    schema(page),
    'import { z } from "zod"\nexport default z.strictObject({ message:   z.string() })',
  );
  await expect(widget(page).getByText("Hi")).toBeVisible();
  await page.keyboard.press("Alt+Shift+f");
  await expect(view(page)).toContainText(
    /<Card>\s*<Text value="a" \/>\s*<Text value=\{message\} \/>\s*<\/Card>/,
  );
  await expect.poll(() => schema(page).textContent()).not.toContain("message:   z");
  await page.getByRole("tab", { name: "Data", exact: true }).click();
  await expect(data(page).locator(".cm-line")).toHaveCount(3);
});

test("text is searched for in the view", async ({ open: page }) => {
  await fromGallery(page, "Flight status");
  await view(page).click();
  await page.keyboard.press("ControlOrMeta+f");
  await page.getByRole("textbox", { name: "Find" }).click();
  await page.keyboard.type("Spacer");
  await page.keyboard.press("Enter");
  await expect(page.locator(".cm-searchMatch-selected")).toBeVisible();
});

test("undo and redo go across the panes", async ({ open: page }) => {
  await blank(page, "<Card><Text value={message} /></Card>");
  await fill(data(page), '{"message": "Second"}');
  await expect(widget(page).getByText("Second")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(widget(page).getByText("Hello")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(view(page)).toContainText('<Card size="sm">');
  await page.getByRole("button", { name: "Redo" }).click();
  await page.getByRole("button", { name: "Redo" }).click();
  await expect(widget(page).getByText("Second")).toBeVisible();
});

test("states made from the schema strain the widget: little, much, right to left", async ({ open: page }) => {
  await blank(page);
  await page.getByRole("region", { name: "Data and schema" }).getByRole("button", { name: "States" }).click();
  await page.getByRole("menuitem", { name: "States made from the schema" }).click();
  await expect(page.getByText(/states added/)).toBeVisible();
  const tabs = page.getByRole("tablist", { name: "States" }).getByRole("tab");
  expect(await tabs.count()).toBeGreaterThan(2);
  await tabs.filter({ hasText: /right/i }).click();
  await expect(widget(page).getByText(/[\u0590-\u08FF]/)).toBeVisible();
});

test("what others change on the disk shows at once, and a conflict asks", async ({ open: page, studio }) => {
  const place = join(studio.folder, "flight.widget");
  copyFileSync(join(GALLERY, "flight.widget"), place);
  await page.getByRole("button", { name: "flight", exact: true }).click();
  await expect(widget(page).getByText("NL 417")).toBeVisible();
  replaceFile(place, readFileSync(join(GALLERY, "quiz.widget"), "utf8"));
  await expect(page.getByText("was changed on the disk and is shown again")).toBeVisible();
  await put(page, '<Card><Text value="Mine" /></Card>');
  await expect(widget(page).getByText("Mine")).toBeVisible();
  replaceFile(place, readFileSync(join(GALLERY, "sales.widget"), "utf8"));
  const dialog = page.getByRole("dialog", { name: "The file was changed elsewhere" });
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Changed elsewhere" }).click();
  await dialog.getByRole("button", { name: "Keep mine" }).click();
  await expect(page.getByText("Saved to flight.widget")).toBeVisible();
  expect(readFileSync(place, "utf8")).toContain("Mine");
});

test("theirs is taken, and undo brings mine back", async ({ open: page, studio }) => {
  const place = join(studio.folder, "flight.widget");
  copyFileSync(join(GALLERY, "flight.widget"), place);
  await page.getByRole("button", { name: "flight", exact: true }).click();
  await expect(widget(page).getByText("NL 417")).toBeVisible();
  await put(page, '<Card><Text value="Mine" /></Card>');
  await expect(widget(page).getByText("Mine")).toBeVisible();
  replaceFile(place, readFileSync(join(GALLERY, "sales.widget"), "utf8"));
  const dialog = page.getByRole("dialog", { name: "The file was changed elsewhere" });
  await dialog.getByRole("button", { name: "Take theirs" }).click();
  await expect(view(page)).toContainText("Chart");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(widget(page).getByText("Mine")).toBeVisible();
});

test("a conflict is solved with a copy beside the other", async ({ open: page, studio }) => {
  const place = join(studio.folder, "flight.widget");
  copyFileSync(join(GALLERY, "flight.widget"), place);
  await page.getByRole("button", { name: "flight", exact: true }).click();
  await expect(widget(page).getByText("NL 417")).toBeVisible();
  await put(page, '<Card><Text value="Mine" /></Card>');
  await expect(widget(page).getByText("Mine")).toBeVisible();
  replaceFile(place, readFileSync(join(GALLERY, "sales.widget"), "utf8"));
  await page.getByRole("button", { name: "Save mine as a copy" }).click();
  const dialog = page.getByRole("dialog", { name: "Save a copy" });
  await dialog.getByRole("textbox").fill("mine.widget");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved to mine.widget")).toBeVisible();
  expect(readFileSync(join(studio.folder, "mine.widget"), "utf8")).toContain("Mine");
  expect(readFileSync(place, "utf8")).toBe(readFileSync(join(GALLERY, "sales.widget"), "utf8"));
});

test("unsaved work is there again after a reload, after a crash, and can be thrown away", async ({
  open: page,
  context,
  studio,
}) => {
  await blank(page, '<Card><Text value="Not saved" /></Card>');
  await expect(widget(page).getByText("Not saved")).toBeVisible();
  await page.reload();
  await expect(widget(page).getByText("Not saved")).toBeVisible();
  await page.close({ runBeforeUnload: false });
  const next = await context.newPage();
  await next.goto(studio.address);
  await next.getByRole("button", { name: /not saved yet/ }).click();
  await expect(widget(next).getByText("Not saved")).toBeVisible();
  await next.getByRole("button", { name: "Gallery", exact: true }).click();
  await next.getByRole("button", { name: /^Throw the draft/ }).click();
  await expect(next.getByRole("heading", { name: "Unsaved work" })).toBeHidden();
});

test("a draft of a file comes back with the choice to discard it", async ({ open: page, studio }) => {
  copyFileSync(join(GALLERY, "flight.widget"), join(studio.folder, "flight.widget"));
  await page.getByRole("button", { name: "flight", exact: true }).click();
  await expect(widget(page).getByText("NL 417")).toBeVisible();
  await put(page, '<Card><Text value="Changed" /></Card>');
  await expect(widget(page).getByText("Changed")).toBeVisible();
  await page.reload();
  await expect(widget(page).getByText("Changed")).toBeVisible();
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(widget(page).getByText("NL 417")).toBeVisible();
});

test("a file that is removed by others leaves its draft, which is saved again", async ({
  open: page,
  studio,
}) => {
  const place = join(studio.folder, "flight.widget");
  copyFileSync(join(GALLERY, "flight.widget"), place);
  await page.getByRole("button", { name: "flight", exact: true }).click();
  await expect(widget(page).getByText("NL 417")).toBeVisible();
  await put(page, '<Card><Text value="Still mine" /></Card>');
  await expect(widget(page).getByText("Still mine")).toBeVisible();
  rmSync(place);
  await expect(page.getByText("was removed from the folder. Your draft is still here.")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+s");
  const dialog = page.getByRole("dialog", { name: "Save to the folder" });
  await dialog.getByRole("textbox").fill("flight.widget");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect.poll(() => existsSync(place) && readFileSync(place, "utf8")).toContain("Still mine");
});

test("a server that is away is told, and nothing is lost until it is back", async ({
  page,
  context,
  studio,
}) => {
  await page.goto(studio.address);
  await blank(page);
  await context.setOffline(true);
  await put(page, '<Card><Text value="Meanwhile" /></Card>');
  const told = page.getByRole("region", { name: "Preview" }).getByRole("alert");
  await expect(told).toContainText("The Studio's server does not answer.");
  await expect(view(page)).toContainText("Meanwhile");
  await context.setOffline(false);
  await put(page, '<Card><Text value="And back" /></Card>');
  await expect(widget(page).getByText("And back")).toBeVisible();
  await expect(told).toBeHidden();
});
