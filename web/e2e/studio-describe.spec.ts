import { join } from "node:path";
import {
  blank,
  drawer,
  expect,
  test as plain,
  ROOT,
  type Studio,
  startStudio,
  view,
  widget,
} from "./studio-fixture.ts";
import { type ModelServer, startModel } from "./studio-model.ts";

const test = plain.extend<object, { model: ModelServer; studio: Studio }>({
  model: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
    async ({}, use) => {
      const model = await startModel();
      await use(model);
      model.close();
    },
    { scope: "worker" },
  ],
  studio: [
    async ({ model }, use) => {
      const environment = {
        OPENAI_BASE_URL: model.address,
        OPENAI_API_KEY: "none",
        CHATKIT_STUDIO_MODEL: "drawing-model",
      };
      const { studio, stop } = await startStudio(environment);
      await use(studio);
      await stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

test.describe.configure({ timeout: 90_000 });

const answer = (name: string, label: string): string =>
  [
    `# ${name}`,
    "```jsx",
    `<Card size="sm">\n  <Title value={title} />\n  <Badge ${label} />\n</Card>`,
    "```",
    "```ts",
    'import { z } from "zod"\n\nexport default z.strictObject({\n  title: z.string(),\n})',
    "```",
    "```json",
    '{ "title": "Gate 7" }',
    "```",
  ].join("\n");

test("a widget is described in words, its faults go back to the model, and the repaired one opens", async ({
  open: page,
  model,
}) => {
  model.answers.push(
    answer("Boarding", 'label="On time'),
    answer("Boarding", 'label="On time" color="success"'),
  );
  const words = page.getByRole("textbox", { name: "Describe a widget" });
  await expect(page.getByText("Goes to drawing-model")).toBeVisible();
  await expect(page.getByRole("button", { name: "Draw", exact: true })).toBeDisabled();
  await words.fill("A boarding pass with its gate");
  await page.getByRole("button", { name: "Draw", exact: true }).click();
  await expect(widget(page).getByText("Gate 7")).toBeVisible();
  await expect(view(page)).toContainText('label="On time" color="success"');
  await expect(page.getByRole("textbox", { name: "Name of the widget" })).toHaveValue("Boarding");
  const [first, second] = model.asked.slice(-2);
  expect(JSON.stringify(first?.messages)).toContain("A boarding pass with its gate");
  expect(second?.messages.length).toBeGreaterThan(first?.messages.length ?? 0);
});

test("a picture is drawn after, and the widget on the table is changed by words", async ({
  open: page,
  model,
}) => {
  model.answers.push(answer("Mock-up", 'label="From a picture"'));
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Add a picture" }).click();
  await (await choosing).setFiles(join(ROOT, "docs/images/demo-phone.png"));
  await expect(page.getByRole("img", { name: "What to draw after" })).toBeVisible();
  await page.getByRole("button", { name: "Take the picture away" }).click();
  await expect(page.getByRole("button", { name: "Draw", exact: true })).toBeDisabled();
  const again = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Add a picture" }).click();
  await (await again).setFiles(join(ROOT, "docs/images/demo-phone.png"));
  await page.getByRole("button", { name: "Draw", exact: true }).click();
  await expect(widget(page).getByText("From a picture")).toBeVisible();
  expect(JSON.stringify(model.asked.at(-1)?.messages)).toContain("data:image/png;base64,");

  model.answers.push(answer("Changed", 'label="Now different"'));
  await page.getByRole("tab", { name: "Describe" }).click();
  await drawer(page).getByRole("textbox", { name: "What to change" }).fill("Another label");
  await drawer(page).getByRole("button", { name: "Change" }).click();
  await expect(widget(page).getByText("Now different")).toBeVisible();
  expect(JSON.stringify(model.asked.at(-1)?.messages)).toContain("From a picture");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(widget(page).getByText("From a picture")).toBeVisible();
});

test("a model that fails is told, and the words are still there", async ({ open: page }) => {
  const words = page.getByRole("textbox", { name: "Describe a widget" });
  await words.fill("Anything");
  await page.getByRole("button", { name: "Draw", exact: true }).click();
  await expect(page.locator('.notice[data-tone="danger"]')).toBeVisible();
  await expect(words).toHaveValue("Anything");
  await blank(page);
});
