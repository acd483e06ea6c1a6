// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { createMemory } from "./memory.ts";

beforeEach(() => sessionStorage.clear());

describe("createMemory", () => {
  it("outlives a reload through the tab's storage", async () => {
    const memory = createMemory(sessionStorage);
    memory.set("a", { value: 1 });
    memory.set("b", 2);
    memory.delete("b");
    await Promise.resolve();
    const reloaded = createMemory(sessionStorage);
    expect(reloaded.get("a")).toEqual({ value: 1 });
    expect(reloaded.get("b")).toBeUndefined();
  });

  it("keeps the latest 500 values", () => {
    const memory = createMemory();
    for (let index = 0; index < 600; index++) memory.set(String(index), index);
    expect(memory.get("99")).toBeUndefined();
    expect(memory.get("100")).toBe(100);
  });

  it("works where storage is forbidden, full or broken", async () => {
    const broken = {
      getItem: () => "{no json",
      setItem: () => {
        throw new Error("full");
      },
      removeItem: () => {},
    };
    const memory = createMemory(broken as unknown as Storage);
    memory.set("a", 1);
    await Promise.resolve();
    expect(memory.get("a")).toBe(1);
  });
});
