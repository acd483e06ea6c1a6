import { type ChildProcess, spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, type Page, expect as plainExpect } from "@playwright/test";

const ROOT = resolve(import.meta.dirname, "../..");
const GALLERY = join(ROOT, "src/chatkit/studio/gallery");
const CORPUS = resolve(ROOT, "../shared/corpus/widgets");
const PYTHON = existsSync(join(ROOT, ".venv/bin/python")) ? join(ROOT, ".venv/bin/python") : "python3";

const expect = plainExpect.configure({ timeout: 15_000 });

interface Studio {
  readonly folder: string;
  readonly address: string;
}

async function started(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let text = "";
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
      if (found) done(found[0]);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", () => fail(new Error(`chatkit studio ended: ${text}`)));
  });
}

async function answers(address: string): Promise<void> {
  await expect
    .poll(
      () =>
        fetch(address).then(
          (answer) => answer.status,
          () => 0,
        ),
      { timeout: 15_000 },
    )
    .toBe(200);
}

const test = base.extend<{ open: Page }, { studio: Studio }>({
  studio: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "studio-"));
      const child = spawn(PYTHON, ["-m", "chatkit", "studio", folder, "--port", "0", "--seconds", "20"], {
        cwd: ROOT,
      });
      const address = await started(child);
      await answers(address);
      await use({ folder, address });
      child.kill("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  open: async ({ page, studio }, use) => {
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
      // Chromium's own editing writes style attributes while it replaces selected lines, and the policy drops them.
      const editing = message.text().startsWith("Applying inline style violates");
      if (message.type() === "error" && !editing) faults.push(message.text());
    });
    for (const name of readdirSync(studio.folder)) rmSync(join(studio.folder, name), { recursive: true });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(studio.address);
    await expect(page.getByRole("heading", { name: "Draw a widget" })).toBeVisible();
    await use(page);
    expect(faults).toEqual([]);
  },
});

test.describe.configure({ timeout: 90_000 });

const built = (text: string): { template: string; name: string } => JSON.parse(text);
const view = (page: Page) => page.getByRole("textbox", { name: "View, JSX" });
const widget = (page: Page) => page.getByRole("region", { name: "Widget" });

async function put(page: Page, text: string): Promise<void> {
  await view(page).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

test("a widget goes from blank to a saved file", async ({ open: page, studio }) => {
  await page.getByRole("button", { name: "Blank widget" }).click();
  await expect(widget(page).getByText("Hello")).toBeVisible();
  await put(
    page,
    '<Card size="sm">\n  <Title value={message} size="lg" />\n  <Badge label="New" color="info" />\n</Card>\n',
  );
  await expect(widget(page).getByText("New", { exact: true })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+s");
  const dialog = page.getByRole("dialog", { name: "Save to the folder" });
  await dialog.getByRole("textbox").fill("cards/hello.widget");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved to cards/hello.widget")).toBeVisible();
  const file = built(readFileSync(join(studio.folder, "cards/hello.widget"), "utf8"));
  expect(file.template).toContain('"label":"New"');
});

test("a mistake is told where it is made, and one press puts it right", async ({ open: page }) => {
  await page.getByRole("button", { name: "Blank widget" }).click();
  await put(page, '<Card>\n  <Badge label="x" colour="info" />\n</Card>\n');
  await page.getByRole("button", { name: "1 warning" }).click();
  await expect(page.getByText("Did you mean `color`?")).toBeVisible();
  await page.getByRole("button", { name: "Change to color" }).click();
  await expect(view(page)).toContainText('color="info"');
  await expect(page.getByRole("button", { name: "No problems" })).toBeVisible();
});

test("panel, tree and source are one", async ({ open: page }) => {
  await page.getByRole("button", { name: "Flight status" }).click();
  await widget(page).getByText("NL 417").click();
  await expect(page.getByRole("complementary", { name: "Properties" }).getByRole("heading")).toHaveText(
    "Title",
  );
  await expect(page.getByRole("treeitem", { selected: true })).toContainText("flight.number");
  await page.getByRole("combobox", { name: "size" }).selectOption("lg");
  await expect(view(page)).toContainText('<Title value={flight.number} size="lg" />');
  await page.keyboard.press("ControlOrMeta+z");
  await expect(view(page)).toContainText('<Title value={flight.number} size="sm" />');
  await page.keyboard.press("Alt+Shift+ArrowDown");
  await expect(view(page)).toContainText("<Spacer />");
});

test("actions that a widget fires are logged with their form", async ({ open: page }) => {
  await page.getByRole("button", { name: "Approval" }).click();
  await widget(page).getByRole("textbox").fill("Fine with me");
  await widget(page).getByRole("button", { name: "Approve" }).click();
  await page.getByRole("tab", { name: /Actions/ }).click();
  await expect(page.getByRole("region", { name: "Drawer" })).toContainText("Fine with me");
  await expect(page.getByRole("region", { name: "Drawer" })).toContainText("Card.confirm");
});

test("a stream is scrubbed step by step", async ({ open: page }) => {
  await page.getByRole("button", { name: "Blank widget" }).click();
  await put(page, '<Card><Markdown id="m" value={message} streaming /></Card>');
  await page.getByRole("textbox", { name: "Data of the state Default" }).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText('{"message": "one two three four five"}');
  await expect(widget(page).getByText("one two three four five")).toBeVisible();
  await page.getByRole("tab", { name: "Stream" }).click();
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByText(/6 of 6/)).toBeVisible();
  await page.getByRole("button", { name: "Step back" }).click();
  await expect(page.getByRole("region", { name: "Drawer" })).toContainText('"delta":" four"');
  await expect(widget(page).getByText("one two three four", { exact: true })).toBeVisible();
});

test("what others change on the disk shows at once, and a conflict asks", async ({ open: page, studio }) => {
  const place = join(studio.folder, "flight.widget");
  copyFileSync(join(GALLERY, "flight.widget"), place);
  await page.getByRole("button", { name: "flight", exact: true }).click();
  await expect(widget(page).getByText("NL 417")).toBeVisible();
  copyFileSync(join(GALLERY, "quiz.widget"), place);
  await expect(page.getByText("was changed on the disk and is shown again")).toBeVisible();
  await put(page, '<Card><Text value="Mine" /></Card>');
  await expect(widget(page).getByText("Mine")).toBeVisible();
  copyFileSync(join(GALLERY, "sales.widget"), place);
  const dialog = page.getByRole("dialog", { name: "The file was changed elsewhere" });
  await dialog.getByRole("button", { name: "Keep mine" }).click();
  await expect(page.getByText("Saved to flight.widget")).toBeVisible();
  expect(readFileSync(place, "utf8")).toContain("Mine");
});

test("unsaved work is there again after a reload", async ({ open: page }) => {
  await page.getByRole("button", { name: "Blank widget" }).click();
  await put(page, '<Card><Text value="Not saved" /></Card>');
  await expect(widget(page).getByText("Not saved")).toBeVisible();
  await page.reload();
  await expect(widget(page).getByText("Not saved")).toBeVisible();
});

test("each keystroke in a widget of 200 nodes shows, and how long it took is noted", async ({
  open: page,
}) => {
  await page.getByRole("button", { name: "Blank widget" }).click();
  const rows = Array.from(
    { length: 66 },
    (_, at) => `<Row key="r${at}"><Text value="Row ${at}" /><Badge label="b" /></Row>`,
  );
  await put(page, `<Card>\n<Title value="T" />\n${rows.join("\n")}\n</Card>`);
  await expect(widget(page).getByText("Row 65")).toBeAttached();
  const times: number[] = [];
  for (const letter of "abcde") {
    times.push(
      await page.evaluate(async (wanted) => {
        const root = document.getElementById("studio")?.shadowRoot;
        const stage = root?.querySelector(".canvas .stage-host")?.shadowRoot;
        const title = stage?.querySelector(".w-title");
        const editor = root?.querySelector<HTMLElement>('[aria-label="View, JSX"]');
        if (!title || !editor) throw new Error("no title");
        const seen = new Promise<number>((done) => {
          new MutationObserver(() => {
            if (title.textContent?.includes(wanted)) done(performance.now());
          }).observe(title, { childList: true, characterData: true, subtree: true });
        });
        const line = [...editor.querySelectorAll(".cm-line")].find((one) =>
          one.textContent?.includes("<Title"),
        );
        const range = document.createRange();
        const node = document.createTreeWalker(line as Node, NodeFilter.SHOW_TEXT);
        let text = node.nextNode();
        while (text && !text.textContent?.includes('"')) text = node.nextNode();
        range.setStart(text as Node, 1);
        editor.focus();
        getSelection()?.setBaseAndExtent(text as Node, 1, text as Node, 1);
        const start = performance.now();
        document.execCommand("insertText", false, wanted);
        return (await seen) - start;
      }, letter),
    );
  }
  times.sort((a, b) => a - b);
  test
    .info()
    .annotations.push({ type: "keystroke to picture, ms", description: times.map(Math.round).join(", ") });
  expect(times).toHaveLength(5);
});

for (const file of readdirSync(GALLERY).filter((name) => name.endsWith(".widget"))) {
  test(`gallery file ${file} opens, changes, saves and still builds`, async ({ open: page, studio }) => {
    copyFileSync(join(GALLERY, file), join(studio.folder, file));
    await changeAndSave(page, studio, file);
  });
}

async function changeAndSave(page: Page, studio: Studio, file: string): Promise<void> {
  await page.goto(`${studio.address}#/edit/${encodeURIComponent(file)}`);
  await expect(view(page)).toContainText("<");
  await expect(widget(page).locator(".w-root")).toBeAttached();
  const name = page.getByRole("textbox", { name: "Name of the widget" });
  await name.fill("Changed here");
  await page.getByRole("banner").getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText(`Saved to ${file}`)).toBeVisible();
  expect(built(readFileSync(join(studio.folder, file), "utf8")).name).toBe("Changed here");
}

test("every corpus file that carries a document opens, changes, saves and still builds", async ({
  open: page,
  studio,
}) => {
  test.skip(!existsSync(CORPUS), "the corpus of exported widgets is not here");
  test.setTimeout(300_000);
  const files = readdirSync(CORPUS).filter((name) => name.endsWith(".widget"));
  const failed: string[] = [];
  for (const file of files) {
    const text = readFileSync(join(CORPUS, file), "utf8");
    if (!("encodedWidget" in (JSON.parse(text) as object))) continue;
    writeFileSync(join(studio.folder, file), text);
    await changeAndSave(page, studio, file).catch((reason: Error) =>
      failed.push(`${file}: ${reason.message.slice(0, 200)}`),
    );
  }
  expect(failed).toEqual([]);
});

test("hostile files neither break the page nor run anything", async ({ open: page, studio }) => {
  const hostile: Record<string, string> = {
    "empty.widget": "",
    "array.widget": "[]",
    "deep.widget": `${"[".repeat(50_000)}`,
    "junk.widget": '{"encodedWidget":"%%%","template":"{{ 1","name":"<img src=x onerror=alert(1)>"}',
  };
  for (const [name, text] of Object.entries(hostile)) {
    writeFileSync(join(studio.folder, name), text);
    await page.goto(`${studio.address}#/edit/${name}`);
    await expect(page.getByRole("heading", { name })).toBeVisible();
  }
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => dialogs.push(dialog.message()));
  await page.goto(studio.address);
  await page.getByRole("button", { name: "Blank widget" }).click();
  await put(
    page,
    '<Card><Title value="<img src=x onerror=alert(1)>" /><Button label="x" onClickAction={{ type: "javascript:alert(1)" }} /></Card>',
  );
  await expect(widget(page).getByText("<img src=x onerror=alert(1)>")).toBeVisible();
  expect(dialogs).toEqual([]);
});

test("the command palette is reached and used by keyboard", async ({ open: page }) => {
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("new from sales");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Name of the widget" })).toHaveValue("Sales chart");
});

test("every button is reached with Tab", async ({ open: page }) => {
  await page.getByRole("button", { name: "Approval" }).click();
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

/** CodeMirror's scroller is reached through the text inside it, which axe does not see. */
function faultsOf<Fault extends { readonly nodes: readonly { readonly html: string }[] }>(
  found: readonly Fault[],
): Fault[] {
  return found.filter((one) => one.nodes.some((node) => !node.html.includes("cm-scroller")));
}

for (const scheme of ["light", "dark"] as const) {
  test(`pages have no accessibility faults that axe can find, ${scheme}`, async ({ open: page, studio }) => {
    // A colour on its way from one scheme to the other has a contrast that nobody sees for long.
    await page.emulateMedia({ reducedMotion: "reduce" });
    test.setTimeout(90_000);
    await page.emulateMedia({ colorScheme: scheme });
    for (const hash of ["", "#/components/Badge", "#/shortcuts", "#/tokens"]) {
      await page.goto(`${studio.address}${hash}`);
      await expect(page.locator(".page").first()).toBeVisible();
      const faults = async (): Promise<string[]> => {
        const found = await new AxeBuilder({ page }).analyze();
        return faultsOf(found.violations).map(
          (one) => `${hash} ${one.id}: ${one.nodes[0]?.html.slice(0, 160)}`,
        );
      };
      // The example's own theme root takes its scheme a moment after the page.
      await expect.poll(faults, { timeout: 20_000 }).toEqual([]);
    }
    await page.goto(studio.address);
    await page.getByRole("button", { name: "Approval" }).click();
    await widget(page).getByRole("button", { name: "Approve" }).click();
    const found = await new AxeBuilder({ page }).analyze();
    expect(faultsOf(found.violations).map((one) => `${one.id}: ${one.nodes[0]?.html.slice(0, 160)}`)).toEqual(
      [],
    );
  });
}
