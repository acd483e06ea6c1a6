/** Takes the pictures of the documentation from the running demo: `npm run pictures`, after a build. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "@playwright/test";

const root = resolve(import.meta.dirname, "../..");
const images = join(root, "docs/images");
const folder = mkdtempSync(join(tmpdir(), "chatkit-pictures-"));
const server = spawn(
  join(root, ".venv/bin/python"),
  ["-m", "chatkit", "demo", "--port", "0", "--folder", folder, "--pace", "0"],
  { cwd: root, env: { ...process.env, OPENAI_API_KEY: "", OPENAI_BASE_URL: "", PYTHONUNBUFFERED: "1" } },
);
const address = await new Promise((found, failed) => {
  let said = "";
  const read = (chunk) => {
    said += chunk;
    const match = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
    if (match) found(match[0]);
  };
  server.stdout.on("data", read);
  server.stderr.on("data", read);
  server.once("exit", () => failed(new Error(said)));
});
while (!(await fetch(address).catch(() => null))?.ok) await new Promise((again) => setTimeout(again, 100));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});

/** One picture: which prompt was asked, in which light, how large, and what to do before it is taken. */
async function picture(name, prompt, { scheme = "light", width = 1280, height = 820, act } = {}) {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1.5 });
  await page.goto(address);
  const log = page.getByRole("log");
  if (scheme === "dark") await page.locator("[data-option=scheme] [value=dark]").dispatchEvent("click");
  await page.getByRole("button", { name: prompt, exact: true }).click();
  await log.and(page.locator('[aria-busy="false"]')).waitFor();
  if (act) await act(page);
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: join(images, `${name}.png`), animations: "disabled" });
  await page.close();
}

await picture("demo", "Book a stay", {
  act: async (page) => {
    await page.locator("input[name='guest.name']").fill("Ada Berg");
    await page.locator("input[name='guest.email']").fill("ada@example.com");
    await page.getByRole("button", { name: /Choose a room/ }).click();
    await page.getByRole("option", { name: "Low Tide" }).click();
  },
});
await picture("demo-dark", "How is the season going?", { scheme: "dark", height: 980 });
await picture("demo-phone", "Show me the rooms", { width: 390, height: 780 });

await browser.close();
server.kill();
rmSync(folder, { recursive: true, force: true });
