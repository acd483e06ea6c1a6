import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wire } from "../testing/wire.ts";
import { parseAttachment, parseEvent, parseItem, parsePage, parseThread, parseUpdate } from "./guards.ts";

test("whatever JSON comes, the guards answer and never throw", () => {
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom("thread.item.done", "thread.item.updated", "thread.created", "error", "notice"),
      (value, type) => {
        parseEvent(value);
        parseEvent({ type, item: value, update: value, thread: value, item_id: "x", message: value });
        parseItem({ type: "assistant_message", id: "x", content: value });
        parseItem({ type: "structured_input", id: "x", inputs: value });
        parseItem({ type: "workflow", id: "x", workflow: value });
        parseUpdate(value);
        parseAttachment(value);
        parseThread(value);
      },
    ),
  );
});

test.each([
  [null],
  [undefined],
  [1],
  ["x"],
  [[]],
  [{}],
  [{ type: "toString" }],
  [{ type: "__proto__" }],
  [{ type: "thread.item.done" }],
])("%j is no event", (value) => {
  expect(parseEvent(value)).toBeNull();
});

test("F062 F136 hidden context and unknown types are no items", () => {
  for (const type of ["hidden_context_item", "sdk_hidden_context", "hologram", "constructor"]) {
    expect(parseItem({ ...wire.user("u1"), type })).toBeNull();
  }
});

test("defaults are filled in and nulls count as absent", () => {
  const item = parseItem({
    type: "user_message",
    id: "u1",
    content: [{ type: "input_tag", id: "e", text: "Ada", data: null, group: null }],
    quoted_text: null,
  });
  expect(item).toEqual({
    type: "user_message",
    id: "u1",
    thread_id: "",
    created_at: "",
    content: [{ type: "input_tag", id: "e", text: "Ada", data: {}, interactive: false }],
    attachments: [],
    inference_options: {},
  });
});

test("a page keeps what is understood and still tells that there is more", () => {
  expect(
    parsePage(
      { data: [wire.user("u1"), { type: "hologram" }, null], has_more: true, after: "u1" },
      parseItem,
    ),
  ).toMatchObject({
    data: [{ id: "u1" }],
    has_more: true,
    after: "u1",
  });
  expect(parsePage({ data: "no" }, parseItem)).toBeNull();
});

describe("sizes", () => {
  const deep = (levels: number): object => {
    let node: object = { type: "Text", value: "x" };
    for (let level = 1; level < levels; level++) node = { type: "Box", children: [node] };
    return node;
  };

  test("a widget of 64 levels is drawn, a deeper one is not", () => {
    expect(parseItem(wire.widget("w", deep(64)))).not.toBeNull();
    expect(parseItem(wire.widget("w", deep(70)))).toBeNull();
  });

  test("ten thousand levels do not exhaust the stack", () => {
    expect(parseItem(wire.widget("w", deep(10_000)))).toBeNull();
  });

  test("a widget of 5,000 components is drawn, a larger one is not", () => {
    const wide = (count: number) => ({
      type: "Card",
      children: Array.from({ length: count - 1 }, () => ({ type: "Text", value: "x" })),
    });
    expect(parseItem(wire.widget("w", wide(5000)))).not.toBeNull();
    expect(parseItem(wire.widget("w", wide(5001)))).toBeNull();
  });

  test("an index that would make a list of millions is refused", () => {
    expect(parseEvent(wire.delta("a1", "x", 2 ** 31))).toBeNull();
    expect(parseEvent(wire.delta("a1", "x", -1))).toBeNull();
  });
});

test("F109 an attachment of an old server has its address in upload_url", () => {
  expect(parseAttachment({ id: "a", name: "n", mime_type: "text/plain", upload_url: "/up" })).toMatchObject({
    type: "file",
    upload_descriptor: { url: "/up", method: "POST", headers: {} },
  });
});

test("field errors of a form are read as words by name", () => {
  expect(parseUpdate({ type: "widget.field_errors", errors: { email: "Unknown", n: 3 } })).toEqual({
    type: "widget.field_errors",
    errors: { email: "Unknown" },
  });
});

test("every event and update type of the schema has a guard", () => {
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, "../../../spec/schema/event.schema.json"), "utf8"),
  ) as {
    $defs: Record<string, { properties?: { type?: { const?: string } } }>;
  };
  const types = Object.values(schema.$defs).map(({ properties }) => properties?.type?.const);
  const source = readFileSync(join(import.meta.dirname, "guards.ts"), "utf8");
  const updates = types.filter(
    (type) => type !== undefined && /^(assistant_message|widget|workflow|generated_image)\./.test(type),
  );
  const events = types.filter(
    (type) =>
      type !== undefined &&
      /^(thread\.|stream_options|progress_update|client_effect|notice|error)/.test(type),
  );
  expect(updates.length).toBeGreaterThan(9);
  expect(events.length).toBeGreaterThan(11);
  for (const type of [...updates, ...events])
    expect(source, `a guard for ${type}`).toMatch(new RegExp(`["\\s]${type}"?:`));
});
