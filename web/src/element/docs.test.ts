/** The page about the element names everything that the published types of the original have. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const page = readFileSync(new URL("../../../docs/element.md", import.meta.url), "utf8");
const types = readFileSync(
  new URL("../../node_modules/@openai/chatkit/types/index.d.ts", import.meta.url),
  "utf8",
);

const unique = (found: Iterable<string>): string[] => [...new Set(found)].sort();
const events = unique([...types.matchAll(/'(chatkit\.[a-z.]+)'/g)].map(([, name = ""]) => name));
const element = /interface OpenAIChatKit\b[\s\S]*?\n\}/.exec(types)?.[0] ?? "";
const methods = unique([...element.matchAll(/^ {2}([a-z]\w+)\(/gm)].map(([, name = ""]) => name));

describe("docs/element.md", () => {
  test("the types were read", () => {
    expect(events.length).toBeGreaterThanOrEqual(13);
    expect(methods.length).toBeGreaterThanOrEqual(9);
  });

  test.each(events)("names the event %s", (name) => {
    const tail = name.split(".").at(-1);
    expect(page.includes(`\`${name}\``) || page.includes(`\`.${tail}\``)).toBe(true);
  });

  test.each(methods.filter((name) => !/EventListener$/.test(name)))("names the method %s", (name) => {
    expect(page).toContain(`${name}(`);
  });
});
