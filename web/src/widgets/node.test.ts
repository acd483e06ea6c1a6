import { describe, expect, it } from "vitest";
import { MAX_NODES, pathsOf, readWidget } from "./node.ts";

const text = (value: string, more: object = {}) => ({ type: "Text", value, ...more });

describe("readWidget", () => {
  it("takes nothing, one object, nested lists and bare text as children (F135)", () => {
    expect(readWidget({ type: "Card", children: null }).root?.children).toEqual([]);
    expect(readWidget({ type: "Card", children: text("one") }).root?.children).toHaveLength(1);
    const mixed = readWidget({ type: "Card", children: [[text("a")], null, false, "b", 3] }).root;
    expect(mixed?.children.map((child) => child.props.value)).toEqual(["a", "b", 3]);
  });

  it("reads a list as a root, and nothing from what is no widget", () => {
    expect(readWidget([text("a"), text("b")]).root?.type).toBe("Basic");
    for (const nonsense of [null, undefined, 7, "text", true]) expect(readWidget(nonsense).root).toBeNull();
  });

  it("leaves null props out, as templates write them for what is not there (F135)", () => {
    expect(readWidget({ type: "Text", value: "a", color: null }).root?.props).toEqual({ value: "a" });
  });

  it("keeps the identity of every node that is equal to what was there", () => {
    const widget = () => ({ type: "Card", children: [text("a"), { type: "Row", children: [text("b")] }] });
    const first = readWidget(widget()).root;
    expect(readWidget(widget(), first).root).toBe(first);
    const changed = widget();
    changed.children[0] = text("c");
    const next = readWidget(changed, first).root;
    expect(next).not.toBe(first);
    expect(next?.children[0]).not.toBe(first?.children[0]);
    expect(next?.children[1]).toBe(first?.children[1]);
  });

  it("keys by key, then id, then the name of a control, then type and number", () => {
    const root = readWidget({
      type: "Card",
      children: [
        text("a", { key: "k", id: "i" }),
        text("b", { id: "i" }),
        { type: "Input", name: "n" },
        text("c"),
        text("d", { key: "k" }),
      ],
    }).root;
    const keys = root?.children.map((child) => child.key) ?? [];
    expect(keys).toEqual(["k:k", "i:i", "n:Input:n", "Text:0", "k:k#2"]);
  });

  it("knows a form again that something was put in front of", () => {
    const form = { type: "Form", children: [{ type: "Input", name: "n" }] };
    const before = readWidget({ type: "Card", children: [text("a"), form] }).root;
    const after = readWidget(
      { type: "Card", children: [text("new"), text("a"), structuredClone(form)] },
      before,
    ).root;
    expect(after?.children[2]).toBe(before?.children[1]);
  });

  it("gives every node a path of its own", () => {
    const row = { type: "ListViewItem", children: [{ type: "Input", name: "n" }] };
    const root = readWidget({ type: "ListView", children: [row, row, { ...row, key: "x" }] }).root;
    expect(root && pathsOf(root).size).toBe(root?.size);
  });

  it("stops at 64 levels", () => {
    let deep: object = text("bottom");
    for (let level = 0; level < 100; level++) deep = { type: "Box", children: [deep] };
    const { root, cut } = readWidget(deep);
    expect(cut).toBe(true);
    expect(root?.size).toBe(64);
  });

  it("stops at 5,000 nodes, also when most of them are known from before", () => {
    const many = (count: number) => ({
      type: "Card",
      children: Array.from({ length: count }, (_, i) => text(String(i))),
    });
    const first = readWidget(many(MAX_NODES + 10));
    expect(first.cut).toBe(true);
    expect(first.root?.size).toBe(MAX_NODES);
    expect(readWidget(many(MAX_NODES + 10), first.root).root?.size).toBe(MAX_NODES);
    expect(readWidget(many(MAX_NODES - 1)).cut).toBe(false);
  });

  it("is not misled by keys of an object's prototype", () => {
    const root = readWidget(JSON.parse('{"type":"Text","value":"a","__proto__":{"color":"red"}}')).root;
    expect(root?.props.color).toBeUndefined();
  });
});
