import { describe, expect, test, vi } from "vitest";
import { answered, LiveStream, ScriptedServer } from "../testing/scripted_server.ts";
import { openSession } from "../testing/session.ts";
import { wire } from "../testing/wire.ts";
import { deferred } from "./deferred.ts";

const hello = { content: [{ type: "input_text" as const, text: "Hello" }] };
const opening = [wire.created(wire.thread()), wire.done(wire.user("u1")), wire.options()];

async function afterStream(...events: readonly object[]) {
  const chat = openSession(new ScriptedServer().on("threads.create", () => answered(...opening, ...events)));
  await chat.session.sendMessage(hello);
  await chat.idle();
  return chat;
}

test("F038 a frame that is no JSON and an event nobody knows are passed over and logged", async () => {
  const stream = new LiveStream()
    .send(...opening)
    .raw("data: {broken\n\n")
    .send({ type: "thread.sung" }, wire.done(wire.assistant("a1", "Hi")))
    .close();
  const chat = openSession(new ScriptedServer().on("threads.create", () => stream));
  await chat.session.sendMessage(hello);
  await chat.idle();
  expect(chat.items().map(({ id }) => id)).toEqual(["u1", "a1"]);
  const logged = chat.heard
    .filter(({ name }) => name === "log")
    .map(({ detail }) => (detail as { name: string }).name);
  expect(logged).toEqual(expect.arrayContaining(["stream.invalid", "stream.skipped"]));
});

test("F041 stream_options can take the Stop button away", async () => {
  const stream = new LiveStream().send(...opening, wire.options(false));
  const chat = openSession(new ScriptedServer().on("threads.create", () => stream));
  await chat.session.sendMessage(hello);
  await vi.waitFor(() => expect(chat.state().turn.allowCancel).toBe(false));
  stream.close();
  await chat.idle();
  expect(chat.state().turn.allowCancel).toBe(true);
});

test("F047 thread.updated changes the metadata and keeps the items", async () => {
  const chat = await afterStream(wire.done(wire.assistant("a1", "Hi")), {
    type: "thread.updated",
    thread: wire.thread("thr_1", { title: "Greeting", status: { type: "closed" } }),
  });
  expect(chat.state().thread).toMatchObject({ title: "Greeting", status: { type: "closed" } });
  expect(chat.items()).toHaveLength(2);
  expect(chat.state().history.threads).toMatchObject([{ id: "thr_1", title: "Greeting" }]);
});

test("F062 hidden context never becomes an item", async () => {
  const hidden = (type: string) => ({
    type,
    id: "h1",
    thread_id: "thr_1",
    created_at: "",
    content: "secret",
  });
  const chat = await afterStream(
    wire.added(hidden("hidden_context_item")),
    wire.done(hidden("sdk_hidden_context")),
  );
  expect(chat.items().map(({ id }) => id)).toEqual(["u1"]);
});

test("F054 one progress line at a time, gone with the answer and at the end", async () => {
  const stream = new LiveStream().send(
    ...opening,
    { type: "progress_update", text: "Looking", icon: "search" },
    { type: "progress_update", text: "Reading" },
  );
  const chat = openSession(new ScriptedServer().on("threads.create", () => stream));
  await chat.session.sendMessage(hello);
  await vi.waitFor(() => expect(chat.state().thread.progress).toEqual({ text: "Reading", icon: null }));
  stream.send(wire.added(wire.assistant("a1")));
  await vi.waitFor(() => expect(chat.state().thread.progress).toBeNull());
  stream.send({ type: "progress_update", text: "More" }).close();
  await chat.idle();
  expect(chat.state().thread.progress).toBeNull();
});

test("F055 notices keep their level and can be dismissed", async () => {
  const chat = await afterStream({ type: "notice", level: "warning", message: "**Careful**", title: "Hm" });
  const [notice] = chat.state().thread.notices;
  expect(notice).toMatchObject({ level: "warning", message: "**Careful**", title: "Hm" });
  chat.session.dismissNotice(notice?.id ?? 0);
  expect(chat.state().thread.notices).toEqual([]);
});

describe("an error in the stream", () => {
  test("F056 F033 shows its message, offers Retry only when allowed, and reaches the page before the end", async () => {
    const chat = await afterStream(wire.error({ code: "custom", message: "No luck", allow_retry: false }));
    expect(chat.state().thread.error).toMatchObject({ code: "custom", allowRetry: false });
    const [error] = chat.errors();
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "StreamError", message: "No luck", allowRetry: false });
    expect(chat.names().slice(-2)).toEqual(["error", "response.end"]);
  });

  test("Retry asks for another answer to the message that has arrived", async () => {
    const server = new ScriptedServer()
      .on("threads.create", () => answered(...opening, wire.error()))
      .on("threads.retry_after_item", () => answered(wire.options(), wire.done(wire.assistant("a2", "Now"))));
    const chat = openSession(server);
    await chat.session.sendMessage(hello);
    await chat.idle();
    await chat.session.retryTurn();
    expect(server.last("threads.retry_after_item").params).toEqual({ thread_id: "thr_1", item_id: "u1" });
    expect(chat.items().map(({ id }) => id)).toEqual(["u1", "a2"]);
    expect(chat.state().thread.error).toBeNull();
  });

  test("what comes after it still counts", async () => {
    const chat = await afterStream(wire.error(), {
      type: "thread.updated",
      thread: wire.thread("thr_1", { title: "Late" }),
    });
    expect(chat.state().thread.title).toBe("Late");
  });
});

test("F058 a client effect reaches the page with its data", async () => {
  const chat = await afterStream(
    { type: "client_effect", name: "confetti", data: { n: 3 } },
    { type: "client_effect", name: "bare" },
  );
  expect(chat.heard.filter(({ name }) => name === "effect").map(({ detail }) => detail)).toEqual([
    { name: "confetti", data: { n: 3 } },
    { name: "bare", data: {} },
  ]);
});

test("F034 diagnostics never hold what a person wrote", async () => {
  const chat = openSession(new ScriptedServer().on("threads.create", () => answered(...opening)));
  await chat.session.sendMessage({ content: [{ type: "input_text", text: "my secret phrase" }] });
  await chat.idle();
  const logs = chat.heard.filter(({ name }) => name === "log");
  expect(logs.length).toBeGreaterThan(3);
  expect(JSON.stringify(logs)).not.toContain("secret phrase");
});

describe("client tools", () => {
  const called = [...opening, wire.done(wire.tool("t1", "get_time", { zone: "UTC" }))];

  function toolServer() {
    return new ScriptedServer()
      .on("threads.create", () => answered(...called))
      .on("threads.add_client_tool_output", () => answered(wire.done(wire.assistant("a1", "It is noon"))));
  }

  test("F059 the result goes back, and all stays inside one response pair", async () => {
    const server = toolServer();
    const onClientTool = vi.fn(async () => ({ time: "12:00" }));
    const chat = openSession(server, { onClientTool });
    await chat.session.sendMessage(hello);
    await chat.idle();
    expect(onClientTool).toHaveBeenCalledWith({ name: "get_time", params: { zone: "UTC" } });
    expect(server.last("threads.add_client_tool_output").params).toEqual({
      thread_id: "thr_1",
      result: { time: "12:00" },
    });
    expect(chat.names().filter((name) => name.startsWith("response"))).toEqual([
      "response.start",
      "response.end",
    ]);
  });

  test("F046 a tool that returns nothing sends null", async () => {
    const server = toolServer();
    const chat = openSession(server, { onClientTool: () => undefined });
    await chat.session.sendMessage(hello);
    await chat.idle();
    expect(String(server.last("threads.add_client_tool_output").body)).toContain('"result":null');
  });

  test.each([
    [
      "throws",
      () => {
        throw new Error("no clock");
      },
      "no clock",
    ],
    [
      "rejects",
      async () => {
        throw new Error("no clock");
      },
      "no clock",
    ],
    [
      "answers a cycle",
      () => {
        const a: Record<string, unknown> = {};
        a.a = a;
        return a;
      },
      "circular",
    ],
  ])("F060 a tool that %s tells the server why", async (_what, onClientTool, words) => {
    const server = toolServer();
    const chat = openSession(server, { onClientTool });
    await chat.session.sendMessage(hello);
    await chat.idle();
    expect(JSON.stringify(server.last("threads.add_client_tool_output").params)).toContain(words);
    expect(chat.errors()).toHaveLength(1);
  });

  test("a tool without a handler is an integration error", async () => {
    const server = toolServer();
    const chat = openSession(server);
    await chat.session.sendMessage(hello);
    await chat.idle();
    expect(chat.errors()[0]).toMatchObject({ name: "IntegrationError", code: "client_tool.missing" });
    expect(server.types()).toContain("threads.add_client_tool_output");
  });

  test("F061 a pending call in a loaded thread is not carried out", async () => {
    const onClientTool = vi.fn();
    const server = new ScriptedServer().on("threads.get_by_id", () =>
      wire.thread("thr_1", {
        items: { data: [wire.user("u1"), wire.tool("t1", "get_time")], has_more: false },
      }),
    );
    const chat = openSession(server, { onClientTool });
    await chat.session.openThread("thr_1");
    expect(onClientTool).not.toHaveBeenCalled();
    expect(chat.session.busy).toBe(false);
  });

  test("a result that comes after Stop is dropped", async () => {
    const server = toolServer();
    const started = deferred<void>();
    const release = deferred<object>();
    const chat = openSession(server, {
      onClientTool: () => {
        started.resolve(undefined);
        return release.promise;
      },
    });
    await chat.session.sendMessage(hello);
    await started.promise;
    expect(chat.state().turn.phase).toBe("tool");
    await chat.session.stop();
    release.resolve({ time: "late" });
    await chat.idle();
    expect(server.types()).not.toContain("threads.add_client_tool_output");
  });

  test("several calls of one turn are answered one by one where the server knows them by id", async () => {
    const server = new ScriptedServer()
      .on("threads.create", () =>
        answered(...opening, wire.done(wire.tool("t1", "a")), wire.done(wire.tool("t2", "b"))),
      )
      .on("threads.add_client_tool_output", () => answered());
    server.extended = true;
    const chat = openSession(server, { onClientTool: ({ name }) => ({ name }) });
    await chat.session.sendMessage(hello);
    await chat.idle();
    const outputs = server.requests
      .filter(({ type }) => type === "threads.add_client_tool_output")
      .map(({ params }) => params);
    expect(outputs).toMatchObject([
      { item_id: "t1", result: { name: "a" } },
      { item_id: "t2", result: { name: "b" } },
    ]);
  });
});
