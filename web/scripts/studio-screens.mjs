// Pictures of the Studio's screens, for the docs: node scripts/studio-screens.mjs http://127.0.0.1:8100/ FOLDER
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";

const [address = "http://127.0.0.1:8100/", folder = "studio-screens"] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
});

const open = async (page) => {
  await page.getByRole("button", { name: "Flight status" }).first().click();
  await page.getByRole("region", { name: "Widget" }).getByText("NL 417").click();
  await page.getByRole("heading", { name: "Title" }).waitFor();
};
const still = async (page) => {
  await page.locator(".page").first().waitFor();
};

const screens = [
  ["gallery", "", still],
  ["editor", "", open],
  ["components", "#/components/Chart", still],
  ["icons", "#/icons", still],
  ["tokens", "#/tokens", still],
];

for (const [size, width, height] of [
  ["wide", 1440, 900],
  ["small", 1024, 768],
]) {
  for (const colorScheme of ["light", "dark"]) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    for (const [name, hash, act] of screens) {
      await page.goto("about:blank");
      await page.goto(address + hash);
      await act(page);
      await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) });
    }
    await page.close();
  }
}
await browser.close();
