import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEvent, parseThread } from "../protocol/guards.ts";
import type { ItemUpdate, StreamEvent, Thread, ThreadItem } from "../protocol/types.ts";
import { wire } from "../testing/wire.ts";
import { applyUpdate, reduce, reduceItems } from "./reduce.ts";

const folder = join(import.meta.dirname, "../../../spec/fixtures/turns");

describe("the fixtures that Python's reducer runs too", () => {
  for (const file of readdirSync(folder).sort()) {
    const lines = readFileSync(join(folder, file), "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const [first, ...rest] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    test(`${file}: ${String(first?.name)}`, () => {
      const last = rest.pop();
      const events = rest.map(parseEvent).filter((event) => event !== null);
      const thread = events.reduce(reduce, threadOf(first?.thread));
      expect(withoutProgress(thread)).toEqual(threadOf(last?.expect));
    });
  }
});

function threadOf(value: unknown): Thread {
  return (
    parseThread(value) ?? {
      id: "",
      created_at: "",
      status: { type: "active" },
      items: { data: [], has_more: false },
    }
  );
}

/** How far an image is along is the client's own note. */
function withoutProgress(thread: Thread): Thread {
  const data = thread.items.data.map((item) => {
    if (item.type !== "generated_image") return item;
    const { progress: _progress, ...kept } = item;
    return kept;
  });
  return { ...thread, items: { ...thread.items, data } };
}

const event = (value: object): StreamEvent => {
  const parsed = parseEvent(value);
  if (parsed === null) throw new Error(`Not an event: ${JSON.stringify(value)}`);
  return parsed;
};

const run = (...events: readonly object[]): readonly ThreadItem[] =>
  events.map(event).reduce<readonly ThreadItem[]>(reduceItems, []);

test("an item that an event does not touch is the same object after it", () => {
  const before = run(
    wire.done(wire.user("u1")),
    wire.added(wire.assistant("a1")),
    wire.done(wire.widget("w1", { type: "Card" })),
  );
  const after = reduceItems(before, event(wire.delta("a1", "x")));
  expect(after[0]).toBe(before[0]);
  expect(after[2]).toBe(before[2]);
  expect(after[1]).not.toBe(before[1]);
});

test.each([
  ["an update for an item that is not there", wire.delta("nobody", "x")],
  [
    "an update that does not fit the item",
    wire.updated("u1", { type: "workflow.task.added", task_index: 0, task: { type: "image" } }),
  ],
  ["the removal of an item that is not there", { type: "thread.item.removed", item_id: "nobody" }],
  ["an event that is not about items", { type: "progress_update", text: "x" }],
])("%s gives the same list", (_name, change) => {
  const before = run(wire.done(wire.user("u1")));
  expect(reduceItems(before, event(change))).toBe(before);
});

test("F048 F049 done adds what was not added and updates what an earlier turn left", () => {
  const items = run(
    wire.done(wire.assistant("a1", "old")),
    wire.done(wire.user("u1")),
    wire.done(wire.assistant("a1", "new")),
  );
  expect(items.map(({ id }) => id)).toEqual(["a1", "u1"]);
  expect(items[0]).toMatchObject({ content: [{ text: "new" }] });
});

test("F050 F051 removed takes an item away and replaced keeps its place", () => {
  const items = run(
    wire.done(wire.assistant("a1", "1")),
    wire.done(wire.assistant("a2", "2")),
    wire.done(wire.assistant("a3", "3")),
    { type: "thread.item.replaced", item: wire.assistant("a2", "two") },
    { type: "thread.item.removed", item_id: "a1" },
  );
  expect(items).toMatchObject([{ id: "a2", content: [{ text: "two" }] }, { id: "a3" }]);
});

const source = { type: "url", url: "https://example.com/", title: "Example" };
const annotation = (index: number) => ({ type: "annotation", index, source });

test("F052 annotations that came early survive a part that is done without any", () => {
  const [item] = run(
    wire.added(wire.assistant("a1")),
    wire.delta("a1", "text"),
    wire.updated("a1", {
      type: "assistant_message.content_part.annotation_added",
      content_index: 0,
      annotation_index: 0,
      annotation: annotation(4),
    }),
    wire.updated("a1", {
      type: "assistant_message.content_part.done",
      content_index: 0,
      content: { type: "output_text", text: "text", annotations: [] },
    }),
  );
  expect(item).toMatchObject({ content: [{ text: "text", annotations: [{ index: 4 }] }] });
});

test("F053 a part that comes out of turn is padded to", () => {
  const [item] = run(
    wire.added(wire.assistant("a1")),
    wire.delta("a1", "second", 1),
    wire.delta("a1", "first", 0),
  );
  expect(item).toMatchObject({ content: [{ text: "first" }, { text: "second" }] });
});

test("F157 text grows in the component with that id, wherever it nests, and its neighbours stay the same objects", () => {
  const label = { type: "Text", value: "fixed" };
  const widget = {
    type: "Card",
    children: [
      { type: "Row", children: { type: "Text", id: "t", value: "He", streaming: true } },
      { type: "Col", children: [label] },
    ],
  };
  const before = run(wire.done(wire.widget("w1", widget)));
  const after = reduceItems(
    before,
    event(
      wire.updated("w1", {
        type: "widget.streaming_text.value_delta",
        component_id: "t",
        delta: "llo",
        done: true,
      }),
    ),
  );
  expect(after[0]).toMatchObject({
    widget: { children: [{ children: { value: "Hello", streaming: false } }, {}] },
  });
  const column = (items: readonly ThreadItem[]) =>
    (items[0] as unknown as { widget: { children: unknown[] } }).widget.children[1];
  expect(column(after)).toBe(column(before));
});

test("a payload that looks like a component is left alone", () => {
  const widget = {
    type: "Card",
    children: [
      { type: "Button", onClickAction: { type: "x", payload: { type: "Text", id: "t", value: "mine" } } },
    ],
  };
  const before = run(wire.done(wire.widget("w1", widget)));
  expect(
    reduceItems(
      before,
      event(
        wire.updated("w1", {
          type: "widget.component.updated",
          component_id: "t",
          component: { type: "Text" },
        }),
      ),
    ),
  ).toBe(before);
});

test("updates of images and workflows fit their items only", () => {
  const at = { thread_id: "thr_1", created_at: "" };
  const image: ThreadItem = { type: "generated_image", id: "i1", ...at };
  const update: ItemUpdate = {
    type: "generated_image.updated",
    image: { id: "p", url: "data:image/png;base64,AA" },
    progress: 0.5,
  };
  expect(applyUpdate(image, update)).toMatchObject({ image: { id: "p" }, progress: 0.5 });
  const flow: ThreadItem = {
    type: "workflow",
    id: "f1",
    ...at,
    workflow: { type: "custom", tasks: [], expanded: false },
  };
  const added = applyUpdate(flow, {
    type: "workflow.task.added",
    task_index: 5,
    task: { type: "thought", content: "hm" },
  });
  expect(added).toMatchObject({ workflow: { tasks: [{ content: "hm" }] } });
  expect(applyUpdate(flow, update)).toBe(flow);
});

test("whatever events come in whatever order, every item is there once and ids are never invented", () => {
  const id = fc.constantFrom("a", "b", "c");
  const anyEvent = fc.oneof(
    id.map((one) => wire.added(wire.assistant(one))),
    id.map((one) => wire.done(wire.assistant(one, "text"))),
    id.map((one) => ({ type: "thread.item.removed", item_id: one })),
    id.map((one) => ({ type: "thread.item.replaced", item: wire.user(one) })),
    fc.tuple(id, fc.nat(3)).map(([one, index]) => wire.delta(one, "x", index)),
  );
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
      const ids = run(...events).map((item) => item.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.every((one) => ["a", "b", "c"].includes(one))).toBe(true);
    }),
  );
});
