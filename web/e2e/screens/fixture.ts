/** Screens with made-up content in a real browser: no server but the one that hands out files. */
import { test as base, type Locator, type Page } from "@playwright/test";
import { serveBuilt } from "../built.ts";
import { letGo } from "../fixtures.ts";

export interface Screens {
  open(name: string, ...flags: string[]): Promise<void>;
  /** Names and arguments of what the screen asked of its session. */
  calls(name?: string): Promise<{ name: string; args: unknown[] }[]>;
  /** Queries that mention search was asked, and those it has answered. */
  asked(): Promise<string[]>;
  answered(): Promise<string[]>;
  show(change: object): Promise<void>;
  showThread(change: object): Promise<void>;
  readonly editor: Locator;
}

interface Exposed {
  screens: {
    calls: { name: string; args: unknown[] }[];
    asked: string[];
    answered: string[];
    show(change: object): void;
    showThread(change: object): void;
  };
}

function screensOn(page: Page, origin: string): Screens {
  return {
    async open(name, ...flags) {
      await page.goto("about:blank");
      await page.goto(`${origin}/screens.html#${[name, ...flags].join(",")}`);
      await page.locator(".ck-view").waitFor({ state: "attached" });
    },
    calls: (name) =>
      page.evaluate((wanted) => {
        const { calls } = (globalThis as unknown as Exposed).screens;
        return calls.filter((call) => !wanted || call.name === wanted);
      }, name),
    asked: () => page.evaluate(() => (globalThis as unknown as Exposed).screens.asked),
    answered: () => page.evaluate(() => (globalThis as unknown as Exposed).screens.answered),
    show: (change) =>
      page.evaluate((value) => (globalThis as unknown as Exposed).screens.show(value), change),
    showThread: (change) =>
      page.evaluate((value) => (globalThis as unknown as Exposed).screens.showThread(value), change),
    editor: page.locator("[data-ck-editor]"),
  };
}

export const test = base.extend<{ screens: Screens }, { origin: string }>({
  origin: [
    // biome-ignore lint/correctness/noEmptyPattern: the runner reads the fixtures it needs from the pattern
    async ({}, use) => serveBuilt("screens", use),
    { scope: "worker", timeout: 60_000 },
  ],
  screens: async ({ page, origin }, use) => {
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    await use(screensOn(page, origin));
    await letGo(page);
    base.expect(faults).toEqual([]);
  },
});

export { expect } from "@playwright/test";
