// @vitest-environment happy-dom
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { mount, until } from "./testing.tsx";

const root = resolve(import.meta.dirname, "../../..");
const folders = {
  "the Studio's gallery": resolve(root, "src/chatkit/studio/gallery"),
  "widgets collected in the wild": resolve(root, "../shared/corpus/widgets"),
};

interface Sample {
  readonly name: string;
  readonly widget: unknown;
}

function samples(folder: string): readonly Sample[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".widget"))
    .flatMap((file) => {
      const { outputJsonPreview } = JSON.parse(readFileSync(resolve(folder, file), "utf8"));
      if (!outputJsonPreview) return [];
      const widget: unknown =
        typeof outputJsonPreview === "string" ? JSON.parse(outputJsonPreview) : outputJsonPreview;
      return [{ name: file, widget }];
    });
}

/** Every text a widget says outright. */
function words(widget: unknown): string[] {
  if (Array.isArray(widget)) return widget.flatMap(words);
  if (typeof widget !== "object" || widget === null) return [];
  const { type, value, children } = widget as Record<string, unknown>;
  const own =
    typeof type === "string" && ["Text", "Title", "Caption"].includes(type) && typeof value === "string"
      ? [value]
      : [];
  return [...own, ...words(children)];
}

for (const [title, folder] of Object.entries(folders)) {
  const all = samples(folder);
  describe.skipIf(all.length === 0)(`${title} (needs ${folder})`, () => {
    it.each(all)(
      "draws $name with all it says, without an error or an unknown component (F134)",
      async ({ widget }) => {
        const view = await mount(widget);
        await until(() => view.all(".w-chart:not(:has(svg))").length === 0);
        // What waits behind "Show more" or a collapsed card, or stands in a field.
        for (
          let more = view.all(".w-list-more button, .w-card-toggle[aria-expanded='false']");
          more.length > 0;
          more = view.all(".w-list-more button, .w-card-toggle[aria-expanded='false']")
        ) {
          for (const button of more) button.click();
          await until(() => true);
        }
        const fields = view.all("input, textarea").map((field) => (field as HTMLInputElement).value);
        const shown = [view.root.textContent ?? "", ...fields].join("\n");
        expect(words(widget).filter((word) => !shown.includes(word))).toEqual([]);
        expect(view.errors).toEqual([]);
        expect(view.logs.filter(([name]) => name === "widget.unknown_component")).toEqual([]);
        await view.unmount();
      },
    );
  });
}
