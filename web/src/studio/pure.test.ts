import { expect, test } from "vitest";
import { difference } from "./code-editor.tsx";
import { closeness } from "./command-palette.tsx";
import { parseState, sourceOf } from "./draft.ts";
import { hrefOf, parseRoute } from "./route.ts";
import { growing } from "./streaming.ts";

test("the difference between two texts is one stretch that turns the first into the second", () => {
  for (const [before, after] of [
    ["abc", "abc"],
    ["", "abc"],
    ["aaa", "aa"],
    ["a b c", "a x c"],
    ["abab", "ab"],
  ] as const) {
    const { from, to, insert } = difference(before, after);
    expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
  }
});

test("an address leads back to the page that it was made of", () => {
  const path = "a folder/über #1.widget";
  expect(parseRoute(hrefOf("edit", path))).toEqual({ page: "edit", detail: path });
  expect(parseRoute("#/nowhere").page).toBe("home");
  expect(parseRoute("#/edit/%E0%A4%A").detail).toBe("%E0%A4%A");
});

test("data grows word by word and ends whole", () => {
  const data = { title: "x", text: "one two three", list: [{ note: "four five six" }] };
  const frames = growing(data);
  expect(frames).toHaveLength(7);
  expect(frames[0]).toEqual({ title: "x", text: "", list: [{ note: "" }] });
  expect(frames[4]).toEqual({ title: "x", text: "one two three", list: [{ note: "four" }] });
  expect(frames.at(-1)).toBe(data);
});

test("long data grows in larger strides", () => {
  expect(growing({ text: "word ".repeat(5000) }).length).toBeLessThanOrEqual(401);
});

test("a state that is no object says where and why", () => {
  expect(parseState("")).toEqual({ data: {} });
  expect(parseState("[1]")).toMatchObject({ problem: "The data must be an object: { … }." });
  expect(parseState('{"a": ')).toHaveProperty("problem");
});

test("documents of any generation give a source", () => {
  expect(sourceOf({}, null)).toMatchObject({ view: "", schema: "", schemaMode: "zod" });
  const states = [{ name: "Late", data: { a: 1 } }, { b: 2 }, "junk"];
  const source = sourceOf({ view: "<Card />", states }, "Name");
  expect(source.states.map((one) => one.name)).toEqual(["Default", "Late", "State 3"]);
});

test("words find a command by letters in their order", () => {
  expect(closeness("cpy", "Copy JSX")).toBeGreaterThan(0);
  expect(closeness("copy", "Copy JSX")).toBeGreaterThan(closeness("copy", "Save a copy"));
  expect(closeness("xyz", "Copy JSX")).toBe(-1);
});
