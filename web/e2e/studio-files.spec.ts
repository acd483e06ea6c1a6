import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import {
  blank,
  CORPUS,
  expect,
  fill,
  GALLERY,
  PYTHON,
  put,
  ROOT,
  type Studio,
  saved,
  test,
  view,
  widget,
} from "./studio-fixture.ts";

test.describe.configure({ timeout: 90_000 });
// Recording dozens of files takes longer than what is done to them.
test.use({ trace: "off" });

/** Builds every file of a folder with its own sample data, as a server would; answers with what went wrong. */
const BUILD = `
import json, logging, pathlib, sys
from chatkit.compiler import read_widget
from chatkit.widgets import WidgetTemplate
logging.disable(logging.CRITICAL)
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.widget")):
    text = path.read_text("utf-8")
    try:
        file, _ = read_widget(text)
        WidgetTemplate(json.loads(text)).build(file.document.to_dict().get("defaultState") or {})
    except Exception as error:
        print(path.name, type(error).__name__, error)
`;

function builds(folder: string): string {
  const run = spawnSync(PYTHON, ["-c", BUILD, folder], { cwd: ROOT, encoding: "utf8" });
  return run.stdout + run.stderr;
}

interface Document {
  readonly view: string;
}

function documentOf(text: string): Document | null {
  try {
    const { encodedWidget } = saved(text);
    return JSON.parse(Buffer.from(encodedWidget ?? "", "base64").toString("utf8")) as Document;
  } catch {
    return null;
  }
}

const go = (page: Page, file: string): Promise<void> =>
  page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    `#/edit/${encodeURIComponent(file)}`,
  );

/** Opens a file of the folder, gives its root another key, and saves. */
async function changeAndSave(page: Page, studio: Studio, file: string): Promise<void> {
  const place = join(studio.folder, file);
  const before = readFileSync(place, "utf8");
  const tag = /<([A-Z][\w.]*)/.exec(documentOf(before)?.view ?? "");
  if (!tag) throw new Error("The document has no view.");
  await go(page, file);
  await expect(page.locator(".path")).toHaveText(file);
  await view(page).focus();
  await page.keyboard.press("ControlOrMeta+Home");
  for (let step = 0; step < tag.index + tag[0].length; step++) await page.keyboard.press("ArrowRight");
  await page.keyboard.insertText(' key="changed"');
  await page.keyboard.press("ControlOrMeta+s");
  await expect.poll(() => readFileSync(place, "utf8")).not.toBe(before);
  const after = readFileSync(place, "utf8");
  expect(documentOf(after)?.view).toContain(`${tag[0]} key="changed"`);
  expect(saved(after).name).toBe(saved(before).name);
  expect(JSON.parse(after)).toHaveProperty("template");
}

async function changeAndSaveAll(page: Page, studio: Studio, from: string): Promise<void> {
  test.setTimeout(180_000);
  const files = readdirSync(from).filter(
    (name) => name.endsWith(".widget") && documentOf(readFileSync(join(from, name), "utf8")),
  );
  expect(files.length).toBeGreaterThan(20);
  for (const file of files) copyFileSync(join(from, file), join(studio.folder, file));
  await page.reload();
  const failed: string[] = [];
  for (const file of files) {
    await changeAndSave(page, studio, file).catch((reason: Error) =>
      failed.push(`${file}: ${reason.message}`),
    );
  }
  expect(failed).toEqual([]);
  expect(builds(studio.folder)).toBe("");
}

test("every widget of the gallery opens, changes, saves and still builds", async ({ open: page, studio }) => {
  await changeAndSaveAll(page, studio, GALLERY);
});

test("every corpus file that carries a document opens, changes, saves and still builds", async ({
  open: page,
  studio,
}) => {
  test.skip(!existsSync(CORPUS), "the corpus of exported widgets is not here");
  await changeAndSaveAll(page, studio, CORPUS);
});

test("a corpus file without a document is opened all the same, to edit or with the reason why not", async ({
  open: page,
  studio,
}) => {
  test.skip(!existsSync(CORPUS), "the corpus of exported widgets is not here");
  const files = readdirSync(CORPUS).filter((name) => !documentOf(readFileSync(join(CORPUS, name), "utf8")));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    copyFileSync(join(CORPUS, file), join(studio.folder, file));
    await go(page, file);
    const editable = page.locator(".path").filter({ hasText: file });
    const shown = page.getByRole("heading", { name: file });
    await expect(editable.or(shown)).toBeVisible();
    if (await shown.isVisible()) await expect(page.getByText("It is shown as it is.")).toBeVisible();
    else await expect(view(page)).toContainText("<");
  }
});

const TEMPLATE =
  '{"type":"Card","size":"sm","children":[{"type":"Title","value":{{ (title) | tojson }}},' +
  '{"type":"Badge","label":"Plain"}]}';
const SCHEMA = {
  type: "object",
  properties: { title: { type: "string" } },
  required: ["title"],
  additionalProperties: false,
};

test("a file without a source is edited through the view that its template gives", async ({
  open: page,
  studio,
}) => {
  const place = join(studio.folder, "bare.widget");
  writeFileSync(
    place,
    JSON.stringify({ version: "1.0", name: "Bare", template: TEMPLATE, jsonSchema: SCHEMA }),
  );
  await page.getByRole("button", { name: "bare", exact: true }).click();
  await expect(page.getByText("The view was written from its template")).toBeVisible();
  await expect(view(page)).toContainText("<Title value={title} />");
  await expect(widget(page).getByText("Plain")).toBeVisible();
  await put(page, '<Card size="sm"><Title value={title} /><Badge label="Fancy" /></Card>');
  await expect(widget(page).getByText("Fancy")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+s");
  await expect.poll(() => documentOf(readFileSync(place, "utf8"))?.view ?? "").toContain("Fancy");
  expect(builds(studio.folder)).toBe("");
});

test("a template that has no plain form is shown with the reason, and stays as it is", async ({
  open: page,
  studio,
}) => {
  const template =
    '{% set x = namespace(n=1) %}{"type":"Card","children":[{"type":"Text","value":"{{ x.n }}"}]}';
  const text = JSON.stringify({ version: "1.0", name: "Odd", template, jsonSchema: {} });
  writeFileSync(join(studio.folder, "odd.widget"), text);
  await page.getByRole("button", { name: "odd", exact: true }).click();
  await expect(page.getByRole("heading", { name: "odd.widget" })).toBeVisible();
  await expect(page.getByText("It is shown as it is.")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Text of the file" })).toContainText("namespace");
});

const TREE = { type: "Card", children: [{ type: "Text", value: "From a tree" }] };

test("a widget begins from a JSON tree that is dropped or pasted, and from a .widget that is dropped", async ({
  open: page,
}) => {
  const drop = async (name: string, text: string): Promise<void> => {
    const transfer = await page.evaluateHandle(
      ([file, content]) => {
        const made = new DataTransfer();
        made.items.add(new File([content ?? ""], file ?? "", { type: "application/json" }));
        return made;
      },
      [name, text],
    );
    await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
  };
  await drop("tree.json", JSON.stringify(TREE));
  await expect(widget(page).getByText("From a tree")).toBeVisible();
  await expect(view(page)).toContainText('<Text value="From a tree" />');
  await drop("flight.widget", readFileSync(join(GALLERY, "flight.widget"), "utf8"));
  await expect(widget(page).getByText("NL 417")).toBeVisible();
  await page.getByRole("button", { name: "Studio", exact: true }).click();
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
  }, JSON.stringify(TREE));
  await expect(widget(page).getByText("From a tree")).toBeVisible();
  await drop("notes.txt", "nothing of the kind");
  await expect(page.getByRole("status").filter({ hasText: /./ }).first()).toBeVisible();
});

test("the button opens a .widget of the machine", async ({ open: page }) => {
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open a .widget" }).click();
  await (await choosing).setFiles(join(GALLERY, "flight.widget"));
  await expect(widget(page).getByText("NL 417")).toBeVisible();
});

test("a file is copied, renamed and removed, and nothing is lost", async ({ open: page, studio }) => {
  copyFileSync(join(GALLERY, "flight.widget"), join(studio.folder, "flight.widget"));
  await page.getByRole("button", { name: "flight", exact: true }).click();
  await expect(widget(page).getByText("NL 417")).toBeVisible();
  const menu = async (item: string): Promise<void> => {
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await menu("Save a copy as…");
  await page.getByRole("dialog").getByRole("textbox").fill("copies/second.widget");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.locator(".path")).toHaveText("copies/second.widget");
  await menu("Rename or move…");
  await page.getByRole("dialog").getByRole("textbox").fill("third.widget");
  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
  await expect(page.locator(".path")).toHaveText("third.widget");
  expect(existsSync(join(studio.folder, "copies/second.widget"))).toBe(false);
  const text = readFileSync(join(studio.folder, "third.widget"), "utf8");
  await menu("Remove");
  await expect(page.getByText(/^Moved to .chatkit-studio\/removed/)).toBeVisible();
  const bin = join(studio.folder, ".chatkit-studio/removed");
  expect(readdirSync(bin).map((name) => readFileSync(join(bin, name), "utf8"))).toContain(text);
  expect(existsSync(join(studio.folder, "flight.widget"))).toBe(true);
});

test("hostile files neither break the page nor run anything", async ({ open: page, studio }) => {
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => dialogs.push(dialog.message()));
  const hostile: Record<string, string> = {
    "empty.widget": "",
    "array.widget": "[]",
    "deep.widget": `${"[".repeat(50_000)}`,
    "junk.widget": '{"encodedWidget":"%%%","template":"{{ 1","name":"<img src=x onerror=alert(1)>"}',
  };
  for (const [name, text] of Object.entries(hostile)) {
    writeFileSync(join(studio.folder, name), text);
    await go(page, name);
    await expect(page.getByRole("heading", { name })).toBeVisible();
  }
  await page.getByRole("button", { name: "Studio", exact: true }).click();
  await blank(
    page,
    '<Card><Title value="<img src=x onerror=alert(1)>" /><Image src="https://elsewhere.example/p.png" alt="" /><Button label="x" onClickAction={{ type: "javascript:alert(1)" }} /></Card>',
  );
  await expect(widget(page).getByText("<img src=x onerror=alert(1)>")).toBeVisible();
  await expect(page.getByText("Pictures of elsewhere.example are left out")).toBeVisible();
  await fill(view(page), "<Card>{'x'.repeat(1e9)}</Card>");
  await expect(page.getByRole("button", { name: /error|warning/ })).toBeVisible();
  await fill(view(page), '<Card><Text value="Still here" /></Card>');
  await expect(widget(page).getByText("Still here")).toBeVisible();
  expect(dialogs).toEqual([]);
});
