import type { Page } from "@playwright/test";
import { hasFont } from "../fonts.ts";
import { expect, type Screens, test } from "./fixture.ts";

test.use({ timezoneId: "UTC", locale: "en-US" });

const WIDE = { width: 900, height: 700 };
const NARROW = { width: 390, height: 760 };

const SCREENS = [
  ...[
    "start",
    "answer",
    "items",
    "running",
    "problems",
    "question",
    "history",
    "loading",
    "failed",
    "locked",
  ],
  ...["closed", "draft", "problem"],
];

/** One colour as large as a picture of the thread: nothing is fetched. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkqPhfDwADnAGQ2sbGvwAAAABJRU5ErkJggg==",
  "base64",
);

async function settled(page: Page, name: string): Promise<void> {
  if (name === "history") await page.locator(".ck-history-row").first().waitFor();
  if (name === "question") await page.locator(".ck-structured").waitFor();
  await page.waitForFunction(async () => {
    await document.fonts.ready;
    const root = document.querySelector("div")?.shadowRoot;
    const waiting = root?.querySelector(".ck-md-plain:not(:empty), .ck-md-math > span:empty");
    return root !== undefined && !waiting;
  });
}

async function picture(
  page: Page,
  screens: Screens,
  name: string,
  file: string,
  flags: string[],
): Promise<void> {
  await page.clock.setFixedTime("2026-11-20T15:30:00Z");
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.route(/^https:/, (route) => route.fulfill({ contentType: "image/png", body: PICTURE }));
  await screens.open(name, ...flags);
  await settled(page, name);
  test.skip(!(await hasFont(page)), "Noto Sans is not installed");
  await expect(page).toHaveScreenshot(`${file}.png`, { maxDiffPixelRatio: 0.004, caret: "hide" });
}

test.describe("a screen looks as it did", () => {
  for (const name of SCREENS) {
    test(`${name}, light`, async ({ page, screens }) => {
      await page.setViewportSize(WIDE);
      await picture(page, screens, name, `${name}-light`, []);
    });
  }
  for (const name of ["start", "answer", "items", "problems", "question", "history", "draft"]) {
    test(`${name}, dark`, async ({ page, screens }) => {
      await page.setViewportSize(WIDE);
      await picture(page, screens, name, `${name}-dark`, ["dark"]);
    });
    test(`${name} on 390 px`, async ({ page, screens }) => {
      await page.setViewportSize(NARROW);
      await picture(page, screens, name, `${name}-narrow`, []);
    });
  }
  for (const name of ["start", "items", "question", "history", "draft"]) {
    test(`${name} from right to left`, async ({ page, screens }) => {
      await page.setViewportSize(NARROW);
      await picture(page, screens, name, `${name}-rtl`, ["locale=ar"]);
    });
  }
});
