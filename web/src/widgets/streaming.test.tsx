// @vitest-environment happy-dom
import { h } from "preact";
import { describe, expect, it } from "vitest";
import { appendText } from "../core/widget_tree.ts";
import type { WidgetNode as WireNode } from "../protocol/types.ts";
import type { WidgetComponent } from "./registry.ts";
import { mount } from "./testing.tsx";

const widget = (value: string): WireNode => ({
  type: "Card",
  children: [
    { type: "Title", value: "Report" },
    {
      type: "Row",
      children: [
        { type: "Text", id: "t", value, streaming: true },
        { type: "Probe", name: "beside" },
      ],
    },
    {
      type: "Form",
      children: [
        { type: "Input", name: "note" },
        { type: "Probe", name: "below" },
      ],
    },
  ],
});

async function drawn() {
  const renders: string[] = [];
  const note: WidgetComponent = ({ node }) => {
    renders.push(String(node.props.name));
    return h("i", null, "probe");
  };
  const view = await mount(widget("Hello"), { host: { components: { Probe: note } } });
  renders.length = 0;
  const records: MutationRecord[] = [];
  const observer = new MutationObserver((list) => records.push(...list));
  observer.observe(view.root, { subtree: true, childList: true, characterData: true, attributes: true });
  return { view, renders, mutations: () => [...records, ...observer.takeRecords()] };
}

describe("streaming", () => {
  it("touches one text node for a text delta and draws nothing else again (F157)", async () => {
    const { view, renders, mutations } = await drawn();
    await view.update(appendText(widget("Hello"), "t", " world", false));
    expect(view.get(".w-row .w-text").textContent).toBe("Hello world");
    expect(mutations().map((record) => record.type)).toEqual(["characterData"]);
    expect(renders).toEqual([]);
  });

  it("does no more when the whole widget is sent again with one text changed (F157)", async () => {
    const { view, renders, mutations } = await drawn();
    await view.update(structuredClone(widget("Hello you")));
    expect(mutations()).toHaveLength(1);
    expect(renders).toEqual([]);
  });

  it("does nothing at all when an equal widget is sent again", async () => {
    const { view, renders, mutations } = await drawn();
    await view.update(structuredClone(widget("Hello")));
    expect(mutations()).toHaveLength(0);
    expect(renders).toEqual([]);
  });

  it("keeps what is typed elsewhere, and its element, through a hundred deltas (F157, F158)", async () => {
    const { view } = await drawn();
    await view.type("note", "typed");
    const field = view.get("[name='note']");
    let current = widget("");
    for (let step = 0; step < 100; step++) {
      current = appendText(current, "t", "word ", step === 99);
      await view.update(current);
    }
    expect(view.get("[name='note']")).toBe(field);
    expect(view.get<HTMLInputElement>("[name='note']").value).toBe("typed");
    expect(view.get(".w-row .w-text").textContent).toHaveLength(500);
  });
});
