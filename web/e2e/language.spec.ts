import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { Locator } from "@playwright/test";
import { expect, test } from "./gallery.ts";

const root = resolve(import.meta.dirname, "../..");
const python = resolve(root, ".venv/bin/python");

/** What a page of the widget language shows, compiled and filled by the Python side. */
interface Example {
  readonly page: string;
  readonly name: string;
  readonly widget: unknown;
  readonly texts: readonly string[];
}

/** What must be seen of components that say nothing by themselves. */
const SEEN: Record<string, (widget: Locator) => Locator> = {
  Markdown: (widget) => widget.getByRole("link", { name: "link" }),
  Icon: (widget) => widget.locator("svg.ck-icon path").first(),
  Image: (widget) => widget.getByRole("img", { name: "A map" }),
  Chart: (widget) => widget.locator(".w-chart svg path").first(),
  Divider: (widget) => widget.getByRole("separator"),
  Input: (widget) => widget.getByPlaceholder("you@example.org"),
  Textarea: (widget) => widget.getByPlaceholder("Note"),
  Select: (widget) => widget.getByText("Size", { exact: true }),
  DatePicker: (widget) => widget.getByText("Day", { exact: true }),
  RadioGroup: (widget) => widget.getByRole("radio", { name: "Small" }),
};

async function examples(): Promise<Example[]> {
  const script = resolve(import.meta.dirname, "server/doc_widgets.py");
  const { stdout } = await promisify(execFile)(python, [script], { encoding: "utf8" });
  return JSON.parse(stdout) as Example[];
}

for (const [page, least] of [
  ["components.md", 30],
  ["widget-language.md", 3],
] as const) {
  test(`every example of ${page} is drawn without a complaint`, async ({ gallery, page: tab }) => {
    test.skip(!existsSync(python), "The Python environment is not there");
    test.slow();
    const thrown: string[] = [];
    tab.on("pageerror", (error) => thrown.push(error.message));
    await tab.route("https://example.org/**", (route) =>
      route.fulfill({
        contentType: "image/svg+xml",
        body: '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="9"><rect width="16" height="9"/></svg>',
      }),
    );
    const shown = (await examples()).filter((example) => example.page === page);
    expect(shown.length).toBeGreaterThanOrEqual(least);
    await gallery.show(null);
    for (const { name, widget, texts } of shown) {
      await test.step(name, async () => {
        await gallery.replace(widget);
        const drawn = tab.locator("chatkit-widget");
        for (const text of texts) await expect(drawn.getByText(text, { exact: true }).first()).toBeVisible();
        const seen = SEEN[name];
        expect(seen !== undefined || texts.length > 0, `${name} has nothing to look for`).toBe(true);
        if (seen) await expect(seen(drawn)).toBeVisible();
        expect(await gallery.complaints()).toEqual([]);
      });
    }
    expect(thrown).toEqual([]);
  });
}

test("a complaint about a widget is noticed", async ({ gallery }) => {
  await gallery.show({ type: "Card", children: [{ type: "Hologram" }] });
  await expect.poll(() => gallery.complaints()).toContainEqual(expect.stringContaining("unknown_component"));
});
