// @vitest-environment happy-dom

import { shards } from "virtual:lucide/index";
import { render } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import { NAMED } from "../../scripts/icon-names.mjs";
import { until } from "../widgets/testing.tsx";
import { paths as core } from "./core.ts";
import { hasIcon, Icon, iconName } from "./index.tsx";
import { paths as more } from "./more.ts";
import { SHARDS, shardOf } from "./shard.ts";

const COUNT: Readonly<Record<string, number>> = {
  M: 2,
  L: 2,
  H: 1,
  V: 1,
  C: 6,
  S: 4,
  Q: 4,
  T: 2,
  A: 7,
  Z: 0,
};

/** Whether every command of the path data has as many numbers as it takes. */
function wellFormed(data: string): boolean {
  const commands = [...data.matchAll(/([a-zA-Z])([^a-zA-Z]*)/g)];
  return (
    /^\s*[Mm]/.test(data) &&
    commands.every(([, letter = "", rest = ""]) => {
      const takes = COUNT[letter.toUpperCase()];
      if (takes === undefined) return false;
      const flags = /[aA]/.test(letter);
      const numbers = flags
        ? arcNumbers(rest)
        : (rest.match(/[+-]?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?/g) ?? []).length;
      return takes === 0 ? numbers === 0 : numbers > 0 && numbers % takes === 0;
    })
  );
}

/** Arc flags are single digits and may touch what follows. */
function arcNumbers(rest: string): number {
  const number = String.raw`\s*,?\s*[+-]?(?:\d+\.?\d*|\.\d+)`;
  const arc = new RegExp(`^${number}${number}${number}\\s*,?\\s*[01]\\s*,?\\s*[01]${number}${number}`);
  let left = rest.trim();
  let count = 0;
  for (let match = arc.exec(left); match; match = arc.exec(left)) {
    left = left.slice(match[0].length).trim();
    count += 7;
  }
  return left === "" ? count : 1;
}

const parts = (drawing: string): string[] =>
  drawing
    .split("|")
    .filter((part) => !part.startsWith("@"))
    .map((part) => part.replace(/^!/, ""));

describe("icons", () => {
  it("has a drawing for each of the 104 published names (F163)", () => {
    expect(NAMED).toHaveLength(104);
    const drawn = { ...core, ...more };
    expect(NAMED.filter((name) => !drawn[name])).toEqual([]);
  });

  it.each([
    ["core", core],
    ["more", more],
  ] as const)("draws well-formed paths: %s (F163)", (_, drawings) => {
    const broken = Object.entries(drawings).flatMap(([name, drawing]) =>
      parts(drawing)
        .filter((data) => !wellFormed(data))
        .map(() => name),
    );
    expect(broken).toEqual([]);
  });

  it("deals every Lucide icon out to one of a few modules, with well-formed paths (F163)", async () => {
    expect(shards).toHaveLength(SHARDS);
    const modules = await Promise.all(shards.map((load) => load()));
    const all = modules.flatMap((module, index) =>
      Object.entries(module.default).map(([name, drawing]) => ({ name, drawing, index })),
    );
    expect(all.length).toBeGreaterThan(1900);
    expect(all.filter(({ name, index }) => shardOf(name) !== index)).toEqual([]);
    expect(all.filter(({ drawing }) => !parts(drawing).every(wellFormed)).map(({ name }) => name)).toEqual(
      [],
    );
  });

  it("finds own names, Lucide names with and without prefix, and says when there is none", async () => {
    expect(await hasIcon("clock")).toBe(true);
    expect(await hasIcon("lucide:plane")).toBe(true);
    expect(await hasIcon("chevron-up-down")).toBe(await hasIcon("lucide:chevron-up-down"));
    expect(await hasIcon("no-such-icon")).toBe(false);
    for (const odd of ["vendor:x", "../x", "A B", "", "x".repeat(99), "__proto__", 7])
      expect(iconName(odd)).toBeNull();
    expect(await hasIcon("constructor")).toBe(false);
  });

  it("keeps its place while it loads, and is decoration unless it has a label", async () => {
    const root = document.createElement("div");
    await act(() => render(<Icon name="lucide:sailboat" size={20} />, root));
    expect(root.querySelector("svg")?.getAttribute("width")).toBe("20");
    expect(root.querySelector("svg")?.getAttribute("aria-hidden")).toBe("true");
    await until(() => root.querySelector("path"));
    expect(root.querySelector("svg")?.getAttribute("stroke")).toBe("currentColor");
    await act(() => render(<Icon name="check" label="Done" />, root));
    expect(root.querySelector("svg")?.getAttribute("aria-label")).toBe("Done");
  });
});
