import { expect, test, vi } from "vitest";
import { answered, json, LiveStream, ScriptedServer } from "../testing/scripted_server.ts";
import { openSession } from "../testing/session.ts";
import { wire } from "../testing/wire.ts";
import type { ActionRequest, WidgetAction } from "./api.ts";
import { deferred } from "./deferred.ts";

const widget = { type: "Card" };
const request = (action: WidgetAction, rest: Partial<ActionRequest> = {}): ActionRequest => ({
  action,
  itemId: "w1",
  widget,
  trigger: "Button.onClickAction",
  source: "button-1",
  ...rest,
});

async function inThread(server: ScriptedServer, options: Parameters<typeof openSession>[1] = {}) {
  server.on("threads.get_by_id", () =>
    wire.thread("thr_1", { items: { data: [wire.widget("w1", widget)], has_more: false } }),
  );
  const chat = openSession(server, options);
  await chat.session.openThread("thr_1");
  return chat;
}

test("F141 F147 a server action carries type and merged payload only, and is loading until its stream ends", async () => {
  const stream = new LiveStream();
  const server = new ScriptedServer().on("threads.custom_action", () => stream);
  const chat = await inThread(server);
  const done = chat.session.perform(
    request({ type: "go", payload: { a: 1 }, loadingBehavior: "auto" }, { values: { name: "Ada" } }),
  );
  expect(chat.state().actions).toMatchObject([{ itemId: "w1", source: "button-1", loading: "self" }]);
  stream.close();
  await done;
  expect(server.last("threads.custom_action").params).toEqual({
    thread_id: "thr_1",
    item_id: "w1",
    action: { type: "go", payload: { a: 1, name: "Ada" } },
  });
  expect(chat.state().actions).toEqual([]);
});

test("F144 F143 while an answer is written a server action is not sent, a single one is, and its widget is replaced", async () => {
  const stream = new LiveStream();
  const server = new ScriptedServer()
    .on("threads.add_user_message", () => stream)
    .on("threads.sync_custom_action", () => ({
      updated_item: wire.widget("w1", { type: "Card", done: true }),
    }));
  const chat = await inThread(server);
  void chat.session.sendMessage({ content: [{ type: "input_text", text: "x" }] }).catch(() => undefined);
  await chat.session.perform(request({ type: "go" }));
  expect(server.types()).not.toContain("threads.custom_action");
  await chat.session.perform(request({ type: "tick", streaming: false }));
  expect(chat.items()[0]).toMatchObject({ id: "w1", widget: { done: true } });
  stream.send(wire.done(wire.user("u1"))).close();
  await chat.idle();
});

test("F142 a client action goes to the page only, and its failure is reported", async () => {
  const onAction = vi.fn(async () => {
    throw new Error("page says no");
  });
  const server = new ScriptedServer();
  const chat = await inThread(server, { onAction });
  await chat.session.perform(request({ type: "pick", payload: { n: 1 }, handler: "client" }));
  expect(onAction).toHaveBeenCalledWith({ type: "pick", payload: { n: 1 } }, { id: "w1", widget });
  expect(chat.errors()[0]?.message).toBe("page says no");
  expect(server.types()).toEqual(["threads.get_by_id"]);
});

test("F022 a server action inside the page's handler is allowed", async () => {
  const server = new ScriptedServer().on("threads.custom_action", () => answered());
  const chat = await inThread(server, {
    onAction: () => chat.session.sendCustomAction({ type: "follow" }, "w1"),
  });
  await chat.session.perform(request({ type: "pick", handler: "client" }));
  expect(server.last("threads.custom_action").params).toMatchObject({
    item_id: "w1",
    action: { type: "follow" },
  });
});

test("two clicks on one button are one request", async () => {
  const stream = new LiveStream();
  const server = new ScriptedServer().on("threads.sync_custom_action", async () => {
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    return {};
  });
  const chat = await inThread(server);
  await Promise.all([1, 2, 3].map(() => chat.session.perform(request({ type: "go", streaming: false }))));
  expect(server.requests.filter(({ type }) => type === "threads.sync_custom_action")).toHaveLength(1);
  stream.close();
});

test("a control that changes while its action is under way is heard once more, with its last value", async () => {
  const first = deferred<object>();
  const server = new ScriptedServer().on("threads.sync_custom_action", () => first.promise);
  const chat = await inThread(server);
  const choose = (size: string) =>
    chat.session.perform(
      request({ type: "size", streaming: false }, { trigger: "Select.onChangeAction", values: { size } }),
    );
  const all = [choose("s"), choose("m"), choose("l")];
  first.resolve({});
  await Promise.all(all);
  const sent = server.requests.filter(({ type }) => type === "threads.sync_custom_action");
  expect(sent.map(({ params }) => (params.action as { payload: object }).payload)).toEqual([
    { size: "s" },
    { size: "l" },
  ]);
});

test("a client action carries any payload", async () => {
  const onAction = vi.fn(async () => undefined);
  const chat = await inThread(new ScriptedServer(), { onAction });
  await chat.session.perform(request({ type: "pick", payload: [1, 2], handler: "client" }));
  expect(onAction).toHaveBeenCalledWith({ type: "pick", payload: [1, 2] }, { id: "w1", widget });
});

test("F149 a collision is reported as a widget error", async () => {
  const chat = await inThread(new ScriptedServer().on("threads.custom_action", () => answered()));
  await chat.session.perform(request({ type: "go", payload: { a: 1 } }, { values: { a: 2 } }));
  expect(chat.errors()[0]).toMatchObject({ name: "WidgetError", code: "widget.form_collision" });
});

test("an action of a preview stays in the page", async () => {
  const server = new ScriptedServer();
  const chat = await inThread(server);
  await chat.session.perform(request({ type: "go" }, { itemId: null }));
  expect(server.types()).toEqual(["threads.get_by_id"]);
});

test("F027 a custom action needs a thread", async () => {
  await expect(
    openSession(new ScriptedServer()).session.sendCustomAction({ type: "x" }),
  ).rejects.toMatchObject({ code: "thread.not_found" });
});

test("a refused action ends its loading and is reported", async () => {
  const chat = await inThread(new ScriptedServer().on("threads.sync_custom_action", () => json({}, 500)));
  await chat.session.perform(request({ type: "go", streaming: false }));
  expect(chat.state().actions).toEqual([]);
  expect(chat.errors()[0]).toMatchObject({ name: "HttpError", status: 500 });
});

test("F118 structured input is answered in a turn of its own", async () => {
  const item = {
    type: "structured_input",
    id: "s1",
    thread_id: "thr_1",
    created_at: "",
    status: "pending",
    inputs: [{ type: "freeform", id: "q", question: "Why?" }],
  };
  const server = new ScriptedServer().on("threads.add_structured_input", () =>
    answered({ type: "thread.item.replaced", item: { ...item, status: "skipped" } }),
  );
  server.on("threads.get_by_id", () => wire.thread("thr_1", { items: { data: [item], has_more: false } }));
  const chat = openSession(server);
  await chat.session.openThread("thr_1");
  await chat.session.submitStructuredInput("s1", { status: "skipped", answers: {} });
  expect(server.last("threads.add_structured_input").params).toEqual({
    thread_id: "thr_1",
    item_id: "s1",
    input: { status: "skipped", answers: {} },
  });
  expect(chat.items()).toMatchObject([{ id: "s1", status: "skipped" }]);
});

test("field errors of a form are kept beside their widget and cleared again", async () => {
  const errors = (value: object) => wire.updated("w1", { type: "widget.field_errors", errors: value });
  const server = new ScriptedServer().on("threads.custom_action", () =>
    answered(errors({ email: "Unknown" })),
  );
  const chat = await inThread(server);
  await chat.session.perform(request({ type: "go" }));
  expect(chat.state().thread.marks.w1?.fieldErrors).toEqual({ email: "Unknown" });
  server.on("threads.custom_action", () => answered(errors({})));
  await chat.session.perform(request({ type: "go" }));
  expect(chat.state().thread.marks.w1?.fieldErrors).toEqual({});
});
