/** Takes the pictures of the documentation from the running demo: `npm run pictures`, after a build. */
import { join } from "node:path";
import { images, launch, serve } from "./serving.mjs";

const { address, stop } = await serve((folder) => ["demo", "--folder", folder, "--pace", "0"]);
const browser = await launch();

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
stop();
