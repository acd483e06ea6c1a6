// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { createMemory } from "../../memory.ts";
import { mount } from "../../testing.tsx";

const list = (count: number, more: object = {}) => ({
  type: "ListView",
  ...more,
  children: Array.from({ length: count }, (_, index) => ({
    type: "ListViewItem",
    key: String(index),
    children: [{ type: "Text", value: `Entry ${index}` }],
  })),
});

it("shows as many entries as its limit, then all of them (F153)", async () => {
  const view = await mount(list(5, { limit: 2 }));
  expect(view.all(".w-item")).toHaveLength(2);
  await view.click(".w-list-more button");
  expect(view.all(".w-item")).toHaveLength(5);
  expect(view.all(".w-list-more")).toHaveLength(0);
});

it("shows six of them for auto, which is the default (F153)", async () => {
  for (const more of [{}, { limit: "auto" }])
    expect((await mount(list(9, more))).all(".w-item")).toHaveLength(6);
});

it("remembers that all are shown", async () => {
  const memory = createMemory();
  const view = await mount(list(9), { memory });
  await view.click(".w-list-more button");
  await view.unmount();
  expect((await mount(list(9), { memory })).all(".w-item")).toHaveLength(9);
});

it("presses a row as a whole, named by what it shows, while controls inside keep their clicks", async () => {
  const view = await mount({
    type: "ListView",
    children: [
      {
        type: "ListViewItem",
        onClickAction: { type: "open", streaming: false },
        children: [
          { type: "Text", value: "Row" },
          { type: "Button", label: "Inner", onClickAction: { type: "inner", streaming: false } },
        ],
      },
    ],
  });
  const press = view.get(".w-item-press");
  expect(view.get(`[id="${press.getAttribute("aria-labelledby")}"]`).textContent).toContain("Row");
  await view.click(".w-item-press");
  await view.click(".w-button");
  expect(view.requests.map(({ action, trigger }) => [action.type, trigger])).toEqual([
    ["open", "ListViewItem.onClickAction"],
    ["inner", "Button.onClickAction"],
  ]);
});
