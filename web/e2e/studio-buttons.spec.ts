import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, GALLERY, type Studio, test, view, widget } from "./studio-fixture.ts";

// What each button does is proved where its part is tested; here each of them is pressed, and none may do nothing.

test.describe.configure({ timeout: 240_000 });
test.use({ trace: "off" });

const PRESSABLE = 'button:not(:disabled), [role="menuitem"]:not([aria-disabled="true"]), [role="option"]';

/** Names of what can be pressed now; what is chosen already has nothing to do. */
const pressable = (page: Page, within: string): Promise<string[]> =>
  page.evaluate(
    ([selector, part]) => {
      const root = document.getElementById("studio")?.shadowRoot;
      const all = [...(root?.querySelectorAll<HTMLElement>(part ?? "") ?? [])].flatMap((one) => [
        ...one.querySelectorAll<HTMLElement>(selector ?? ""),
      ]);
      const idle = '[aria-checked="true"], [aria-selected="true"], [aria-current], .cm-editor *, [inert] *';
      const seen = all.filter((one) => !one.matches(idle) && one.checkVisibility());
      return [...new Set(seen.map((one) => one.ariaLabel ?? one.textContent?.trim() ?? ""))];
    },
    [PRESSABLE, within] as const,
  );

/** Presses a button, without a pointer that would show tooltips, and counts what changes on the page because of it. */
const press = (page: Page, within: string, name: string): Promise<boolean> =>
  page.evaluate(
    ([selector, part, wanted]) => {
      const root = document.getElementById("studio")?.shadowRoot;
      const found = [...(root?.querySelectorAll<HTMLElement>(part ?? "") ?? [])]
        .flatMap((one) => [...one.querySelectorAll<HTMLElement>(selector ?? "")])
        .find((one) => (one.ariaLabel ?? one.textContent?.trim()) === wanted && one.checkVisibility());
      if (!root || !found) return false;
      const stages = [...root.querySelectorAll(".stage-host")].flatMap((one) => one.shadowRoot ?? []);
      const page = globalThis as unknown as { changes: number };
      page.changes = 0;
      const observer = new MutationObserver((records) => {
        page.changes += records.length;
      });
      for (const one of [root, ...stages]) {
        observer.observe(one, { subtree: true, childList: true, characterData: true, attributes: true });
      }
      found.click();
      return true;
    },
    [PRESSABLE, within, name] as const,
  );

/** Settles when nothing on the page has changed for three frames. */
const still = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise((done) => {
        const root = document.getElementById("studio")?.shadowRoot;
        let quiet = 0;
        const observer = new MutationObserver(() => {
          quiet = 0;
        });
        if (root) observer.observe(root, { subtree: true, childList: true, attributes: true });
        const frame = (): void => {
          quiet++;
          if (quiet < 3) requestAnimationFrame(frame);
          else {
            observer.disconnect();
            done();
          }
        };
        requestAnimationFrame(frame);
      }),
  );

interface Screen {
  readonly hash: string;
  /** Where the buttons are. */
  readonly within: string;
  readonly ready: (page: Page) => Promise<void>;
  /** Opens the menu or dialog that the buttons are in. */
  readonly open?: (page: Page) => Promise<void>;
}

async function show(page: Page, studio: Studio, screen: Screen): Promise<void> {
  await page.evaluate(() => localStorage.clear());
  await page.goto("about:blank");
  await page.goto(`${studio.address}${screen.hash}`);
  await screen.ready(page);
  await screen.open?.(page);
}

/** Presses everything on a screen, and answers with what did nothing. */
async function pressAll(page: Page, studio: Studio, screen: Screen): Promise<readonly [string[], string[]]> {
  let effects = 0;
  page.on("request", (request) => {
    if (request.url().includes("/api/")) effects++;
  });
  page.on("filechooser", () => effects++);
  page.on("download", () => effects++);
  await show(page, studio, screen);
  const names = await pressable(page, screen.within);
  const dead: string[] = [];
  for (const name of names) {
    await still(page);
    effects = 0;
    if (!(await press(page, screen.within, name))) {
      // An earlier press took the button away: begin anew.
      await show(page, studio, screen);
      await still(page);
      effects = 0;
      if (!(await press(page, screen.within, name))) dead.push(`${name}: gone`);
    }
    const seen = async (): Promise<number> =>
      effects + (await page.evaluate(() => (globalThis as unknown as { changes: number }).changes));
    await expect
      .poll(seen, { timeout: 8000, intervals: [20, 50, 100, 250] })
      .toBeGreaterThan(0)
      .catch(() => dead.push(name));
  }
  return [names, dead];
}

const editor = async (page: Page): Promise<void> => {
  await expect(view(page)).toBeVisible();
  await expect(widget(page).getByText("NL 417").first()).toBeVisible();
};
const selected = async (page: Page): Promise<void> => {
  await editor(page);
  await widget(page).getByText("NL 417").first().click();
  await expect(page.getByRole("button", { name: "Duplicate" })).toBeVisible();
};
const EDIT = "#/edit/flight.widget";
const menu =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await page.getByRole("button", { name }).last().click();
    await expect(page.getByRole("menu")).toBeVisible();
  };

const SCREENS: Readonly<Record<string, Screen>> = {
  "the bar and the side bar": { hash: EDIT, within: ".top, .side", ready: editor },
  "the panes and the preview": { hash: EDIT, within: ".codes, .right", ready: editor },
  "the properties": { hash: EDIT, within: ".inspector", ready: selected },
  "the export menu": { hash: EDIT, within: '[role="menu"]', ready: editor, open: menu("Export") },
  "the menu of states": { hash: EDIT, within: '[role="menu"]', ready: editor, open: menu("States") },
  "the theme of the preview": {
    hash: EDIT,
    within: ".settings",
    ready: editor,
    open: async (page) => {
      await page.getByRole("button", { name: "Theme of the preview" }).click();
      await expect(page.locator(".settings")).toBeVisible();
    },
  },
  "the start": {
    hash: "",
    within: ".start, .home-section:has(.drafts)",
    ready: async (page) => expect(page.getByRole("button", { name: "Blank widget" })).toBeVisible(),
  },
  "a component": {
    hash: "#/components/Badge",
    within: ".detail",
    ready: async (page) => expect(page.locator(".example-view .w-root")).toBeVisible(),
  },
  "the unsaved file's dialog": {
    hash: EDIT,
    within: "dialog",
    ready: editor,
    open: async (page) => {
      await page.keyboard.press("ControlOrMeta+Shift+s");
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
};

for (const [name, screen] of Object.entries(SCREENS)) {
  test(`nothing that can be pressed does nothing: ${name}`, async ({ open: page, studio, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    copyFileSync(join(GALLERY, "flight.widget"), join(studio.folder, "flight.widget"));
    const [names, dead] = await pressAll(page, studio, screen);
    test.info().annotations.push({ type: "pressed", description: names.join(", ") });
    expect(names.length).toBeGreaterThan(0);
    expect(dead).toEqual([]);
  });
}
