// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { createMemory, within } from "./memory.ts";

beforeEach(() => sessionStorage.clear());

describe("createMemory", () => {
  it("outlives a reload through the tab's storage", () => {
    const memory = createMemory(sessionStorage);
    memory.set("a", { value: 1 });
    memory.set("b", 2);
    memory.delete("b");
    dispatchEvent(new Event("pagehide"));
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

  it("works where storage is forbidden, full or broken", () => {
    const broken = {
      getItem: () => "{no json",
      setItem: () => {
        throw new Error("full");
      },
      removeItem: () => {},
    };
    const memory = createMemory(broken as unknown as Storage);
    memory.set("a", 1);
    dispatchEvent(new Event("pagehide"));
    expect(memory.get("a")).toBe(1);
  });

  it("keeps no files, and lets the oldest go when all is too much", () => {
    const memory = createMemory(sessionStorage);
    memory.set("file", { value: `data:image/png;base64,${"A".repeat(30)}`, over: "" });
    memory.set("long", "x".repeat(30_000));
    for (let index = 0; index < 40; index++) memory.set(`part ${index}`, "y".repeat(15_000));
    memory.set("words", "My data: two, three");
    dispatchEvent(new Event("pagehide"));
    const reloaded = createMemory(sessionStorage);
    expect(reloaded.get("file")).toBeUndefined();
    expect(reloaded.get("long")).toBeUndefined();
    expect(reloaded.get("part 0")).toBeUndefined();
    expect(reloaded.get("part 39")).toHaveLength(15_000);
    expect(reloaded.get("words")).toBe("My data: two, three");
  });
});

describe("within", () => {
  it("keeps apart what has the same key in another part", () => {
    const memory = createMemory();
    within(memory, "one").set("a", 1);
    expect(within(memory, "two").get("a")).toBeUndefined();
    within(memory, "one").delete("a");
    expect(within(memory, "one").get("a")).toBeUndefined();
  });
});
