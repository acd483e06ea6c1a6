import { readdirSync } from "node:fs";
import { expect, fill, GALLERY, test, view, widget } from "./studio-fixture.ts";

test.describe.configure({ timeout: 90_000 });

test("the gallery has at least 24 widgets, each drawn, and is searched by name and component", async ({
  open: page,
}) => {
  const files = readdirSync(GALLERY).filter((name) => name.endsWith(".widget"));
  expect(files.length).toBeGreaterThanOrEqual(24);
  const cards = page.locator(".gallery .card");
  await expect(cards).toHaveCount(files.length);
  await expect(page.locator(".gallery .w-root")).toHaveCount(files.length);
  const search = page.getByRole("searchbox", { name: "Search the gallery" });
  await search.fill("DatePicker");
  await expect(page.getByRole("button", { name: "Create task" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Weather" })).toBeHidden();
  await search.fill("nothing of this name");
  await expect(page.getByText("Nothing in the gallery matches.")).toBeVisible();
});

test("a component has its properties and an example that is changed and opened in the editor", async ({
  open: page,
}) => {
  await page.getByRole("button", { name: "Components", exact: true }).click();
  await page.getByRole("searchbox", { name: "Search components" }).fill("badge");
  await page.getByRole("navigation", { name: "Components" }).getByRole("button", { name: "Badge" }).click();
  await expect(page.getByRole("heading", { name: "Badge", level: 1 })).toBeVisible();
  await expect(page.getByRole("rowheader", { name: /variant/ })).toBeVisible();
  const example = page.getByRole("textbox", { name: "Example of Badge" });
  await fill(example, '<Card><Badge label="Changed here" /></Card>');
  await expect(page.locator(".example-view").getByText("Changed here")).toBeVisible();
  await fill(example, "<Card><Badge label=</Card>");
  await expect(page.locator(".example-view .trouble")).toBeVisible();
  await fill(example, '<Card><Badge label="Changed again" /></Card>');
  await expect(page.locator(".example-view").getByText("Changed again")).toBeVisible();
  await page.getByRole("button", { name: "Open in the editor" }).click();
  await expect(view(page)).toContainText("Changed again");
  await expect(widget(page).getByText("Changed again")).toBeVisible();
});

test("icons and tokens are searched, and copied by a press", async ({ open: page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole("button", { name: "Icons", exact: true }).click();
  await page.getByRole("searchbox", { name: "Search icons" }).fill("plane");
  await page.getByTitle("lucide:plane", { exact: true }).click();
  await expect.poll(clipboard).toBe("lucide:plane");
  await page.getByRole("searchbox", { name: "Search icons" }).fill("suitcase");
  await page.getByTitle("suitcase", { exact: true }).click();
  await expect.poll(clipboard).toBe("suitcase");
  await page.getByRole("button", { name: "Tokens", exact: true }).click();
  await page.getByRole("button", { name: "blue-400" }).click();
  await expect.poll(clipboard).toBe("blue-400");
});

test("the palette finds commands, files and components by keyboard, and Escape closes it", async ({
  open: page,
}) => {
  await page.keyboard.press("ControlOrMeta+k");
  const palette = page.getByRole("combobox", { name: "Search everything" });
  await expect(palette).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("new from sales");
  // The gallery comes after the page.
  await expect(page.getByRole("option", { selected: true })).toContainText("Sales chart");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Name of the widget" })).toHaveValue("Sales chart");
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("keyboard short");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("RadioGroup");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "RadioGroup", level: 1 })).toBeVisible();
});

test("schema is Zod or JSON Schema, and the way there and back loses nothing", async ({ open: page }) => {
  await page.getByRole("button", { name: "Blank widget" }).click();
  await page.getByRole("tab", { name: "Schema" }).click();
  await expect(page.getByRole("button", { name: "No problems" })).toBeVisible();
  await expect(widget(page).getByText("Hello")).toBeVisible();
  await page.getByRole("button", { name: "Zod", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Schema" })).toContainText('"message"');
  await expect(page.getByRole("button", { name: "JSON Schema", exact: true })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(page.getByRole("textbox", { name: "Schema" })).toContainText("z.strictObject");
});
