import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Locator, type Page, expect as plainExpect, test as plainTest } from "@playwright/test";
import { ended } from "./ended.ts";

export const ROOT = resolve(import.meta.dirname, "../..");
export const GALLERY = join(ROOT, "src/chatkit/studio/gallery");
/** Widgets that other people exported; not part of this repository. */
export const CORPUS = resolve(ROOT, "../shared/corpus/widgets");
export const PYTHON = existsSync(join(ROOT, ".venv/bin/python")) ? join(ROOT, ".venv/bin/python") : "python3";

export const expect = plainExpect.configure({ timeout: 15_000 });

export interface Studio {
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
  const status = (): Promise<number> =>
    fetch(address).then(
      (answer) => answer.status,
      () => 0,
    );
  await expect.poll(status, { timeout: 15_000 }).toBe(200);
  // The process that draws has been started and has drawn every widget of the gallery once.
  const headers = { "Content-Type": "application/json" };
  const gallery = await fetch(`${address}api/gallery`, { method: "POST", headers, body: "{}" });
  expect(gallery.status).toBe(200);
}

// Chromium's own editing writes style attributes while it replaces selected lines, and the policy drops them.
const ofTheBrowser = (text: string): boolean => text.startsWith("Applying inline style violates");

/** Starts a Studio over an empty folder; nothing of this machine's settings reaches it. */
export async function startStudio(
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly studio: Studio; readonly stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "studio-"));
  const child = spawn(PYTHON, ["-m", "chatkit", "studio", folder, "--port", "0", "--seconds", "20"], {
    cwd: ROOT,
    env: { ...process.env, OPENAI_API_KEY: "", OPENAI_BASE_URL: "", ...environment },
  });
  const address = await started(child);
  await answers(address);
  const stop = async (): Promise<void> => {
    await ended(child, () => child.kill("SIGTERM"));
    rmSync(folder, { recursive: true, force: true });
  };
  return { studio: { folder, address }, stop };
}

/** A Studio over an empty folder, and a page that has it open. A fault on the page fails the test. */
export const test = plainTest.extend<{ open: Page }, { studio: Studio }>({
  studio: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
    async ({}, use) => {
      const { studio, stop } = await startStudio();
      await use(studio);
      await stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  open: async ({ page, studio }, use) => {
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !ofTheBrowser(message.text())) faults.push(message.text());
    });
    for (const name of readdirSync(studio.folder)) rmSync(join(studio.folder, name), { recursive: true });
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(studio.address);
    await expect(page.getByRole("heading", { name: "Draw a widget" })).toBeVisible();
    await use(page);
    expect(faults).toEqual([]);
  },
});

export const view = (page: Page): Locator => page.getByRole("textbox", { name: "View, JSX" });
export const data = (page: Page): Locator => page.getByRole("textbox", { name: /^Data of the state/ });
export const schema = (page: Page): Locator => page.getByRole("textbox", { name: "Schema" });
export const widget = (page: Page): Locator => page.getByRole("region", { name: "Widget" });
export const drawer = (page: Page): Locator => page.getByRole("region", { name: "Drawer" });
export const saved = (text: string): { template: string; name: string; encodedWidget?: string } =>
  JSON.parse(text);

/** Pastes a text over what an editor holds. */
export async function fill(editor: Locator, text: string): Promise<void> {
  await editor.click();
  await editor.press("ControlOrMeta+a");
  await editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Puts other content into a file in one step, as editors do: who watches never sees a part of it. */
export function replaceFile(place: string, text: string): void {
  writeFileSync(`${place}.next`, text);
  renameSync(`${place}.next`, place);
}

export const put = (page: Page, text: string): Promise<void> => fill(view(page), text);

export async function blank(page: Page, text?: string): Promise<void> {
  await page.getByRole("button", { name: "Blank widget" }).click();
  await expect(widget(page).getByText("Hello")).toBeVisible();
  if (text !== undefined) await put(page, text);
}

/** Opens a widget of the gallery and waits until it is drawn. */
export async function fromGallery(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  await expect(widget(page).locator(".w-root")).toBeVisible();
}
