import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Download, Page } from "@playwright/test";
import { expect, GALLERY, PYTHON, ROOT, saved, test, view, widget } from "./studio-fixture.ts";

test.describe.configure({ timeout: 120_000 });

async function pick(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

async function copied(page: Page, item: string, said: string): Promise<string> {
  await pick(page, item);
  await expect(page.getByText(`${said} copied`).last()).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
}

async function downloaded(page: Page, item: string): Promise<readonly [Download, Buffer]> {
  const waiting = page.waitForEvent("download");
  await pick(page, item);
  const download = await waiting;
  return [download, readFileSync(await download.path())];
}

/** Runs Python beside a widget file, as it would stand in a server's folder. */
function run(folder: string, ...args: readonly string[]): string {
  const done = spawnSync(PYTHON, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: join(ROOT, "src") },
  });
  return `${done.status} ${done.stdout}${done.stderr}`;
}

test("everything that can be taken away is what it says it is", async ({ open: page, context, studio }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  copyFileSync(join(GALLERY, "flight.widget"), join(studio.folder, "flight.widget"));
  await page.getByRole("button", { name: "flight", exact: true }).click();
  await expect(widget(page).getByText("NL 417")).toBeVisible();
  const folder = mkdtempSync(join(tmpdir(), "studio-export-"));

  await test.step("JSX is the view", async () => {
    const jsx = await copied(page, "Copy JSX", "JSX");
    expect(jsx).toContain("<Title value={flight.number}");
  });

  await test.step("JSON is the widget as the chat gets it", async () => {
    const tree = JSON.parse(await copied(page, "Copy JSON", "JSON"));
    expect(tree.type).toBe("Card");
    expect(JSON.stringify(tree)).toContain("NL 417");
  });

  await test.step("the file that is downloaded is the one that would be saved", async () => {
    const [download, bytes] = await downloaded(page, "Download .widget");
    expect(download.suggestedFilename()).toBe("flight.widget");
    expect(saved(bytes.toString()).template).toContain('"type":"Card"');
    writeFileSync(join(folder, "flight.widget"), bytes);
  });

  await test.step("Python has types for the data, and runs", async () => {
    const code = await copied(page, "Copy Python", "Python");
    expect(code).toContain("WidgetTemplate");
    expect(code).toMatch(/class \w+\((BaseModel|TypedDict)\)/);
    writeFileSync(join(folder, "flight.py"), code);
    expect(run(folder, "-W", "error", "flight.py")).toMatch(/^0 /);
  });

  await test.step("the test passes", async () => {
    const code = await copied(page, "Copy a test", "Test");
    expect(code).toContain("def test_");
    writeFileSync(join(folder, "test_flight.py"), code);
    const said = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_flight.py");
    expect(said).toMatch(/^0 [\s\S]*passed/);
  });

  await test.step("the link carries the widget in its fragment, and asks no server for it", async () => {
    const link = await copied(page, "Copy a link", "Link");
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#w=[\w-]+$/);
    const other = await context.newPage();
    const addresses: string[] = [];
    other.on("request", (request) => addresses.push(request.url()));
    await other.goto(link);
    await expect(widget(other).getByText("NL 417")).toBeVisible();
    await expect(view(other)).toContainText("<Title value={flight.number}");
    expect(addresses.filter((one) => one.includes("w="))).toEqual([]);
    await other.close();
  });

  await test.step("PNG is a picture, twice as fine as on the screen", async () => {
    const [download, bytes] = await downloaded(page, "Download PNG");
    expect(download.suggestedFilename()).toBe("flight.png");
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
    const box = await widget(page).locator(".w-root").boundingBox();
    expect(bytes.readUInt32BE(16)).toBe(Math.ceil(box?.width ?? 0) * 2);
    const colors = await page.evaluate(async (data) => {
      const picture = await createImageBitmap(
        new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))]),
      );
      const canvas = new OffscreenCanvas(picture.width, picture.height);
      const context = canvas.getContext("2d");
      context?.drawImage(picture, 0, 0);
      const all = context?.getImageData(0, 0, picture.width, picture.height).data ?? [];
      const seen = new Set<number>();
      for (let at = 0; at < all.length; at += 4) {
        seen.add(((all[at] ?? 0) << 16) | ((all[at + 1] ?? 0) << 8) | (all[at + 2] ?? 0));
      }
      return seen.size;
    }, bytes.toString("base64"));
    expect(colors).toBeGreaterThan(20);
  });

  await test.step("SVG is a picture that shows the widget by itself", async () => {
    const [download, bytes] = await downloaded(page, "Download SVG");
    expect(download.suggestedFilename()).toBe("flight.svg");
    const text = bytes.toString();
    expect(text).toMatch(/^<svg xmlns=/);
    expect(text).toContain("NL 417");
    expect(text).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    const other = await context.newPage();
    writeFileSync(join(folder, "flight.svg"), bytes);
    await other.goto(`file://${join(folder, "flight.svg")}`);
    await expect(other.getByText("NL 417")).toBeVisible();
    await other.close();
  });

  rmSync(folder, { recursive: true, force: true });
});
