import { describe, expect, test, vi } from "vitest";
import { answered, json, LiveStream, ScriptedServer } from "../testing/scripted_server.ts";
import { openSession } from "../testing/session.ts";
import { wire } from "../testing/wire.ts";

const hello = { content: [{ type: "input_text" as const, text: "Hello" }] };
const opening = [
  wire.created(wire.thread()),
  wire.done(wire.user("u1")),
  wire.options(),
  wire.added(wire.assistant("a1")),
];

const textOf = (chat: ReturnType<typeof openSession>): string => {
  const item = chat.items().find(({ id }) => id === "a1");
  return item?.type === "assistant_message" ? item.content.map(({ text }) => text).join("") : "";
};

describe("a line that breaks", () => {
  test("is taken up after the last frame, without gap or repeat", async () => {
    const first = new LiveStream("run");
    const server = new ScriptedServer()
      .on("threads.create", () => first)
      .on("threads.resume", () =>
        // A server may repeat what was already on its way: frames count once.
        new LiveStream("run", 6)
          .send(
            wire.delta("a1", "two "),
            wire.delta("a1", "three"),
            wire.done(wire.assistant("a1", "one two three")),
          )
          .close(),
      );
    const chat = openSession(server);
    const sent = chat.session.sendMessage(hello);
    first.send(...opening, wire.delta("a1", "one "), wire.delta("a1", "two "));
    await sent;
    await chat.until(() => textOf(chat) === "one two ");
    first.drop();
    await chat.idle();
    expect(server.last("threads.resume").params).toEqual({ thread_id: "thr_1", after: "run:6" });
    expect(textOf(chat)).toBe("one two three");
    expect(chat.errors()).toEqual([]);
    expect(chat.names().filter((name) => name.startsWith("response"))).toEqual([
      "response.start",
      "response.end",
    ]);
  });

  test("is tried again with growing pauses, and given up in the end", async () => {
    const first = new LiveStream("run");
    const server = new ScriptedServer()
      .on("threads.create", () => first)
      .on("threads.resume", () => {
        throw new TypeError("offline");
      });
    const chat = openSession(server);
    const sent = chat.session.sendMessage(hello);
    first.send(...opening);
    await sent;
    first.drop();
    await chat.idle();
    expect(chat.waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
    expect(chat.state().thread.error).toMatchObject({ code: "network.unreachable", allowRetry: true });
    expect(chat.errors()[0]).toMatchObject({ name: "NetworkError" });
  });

  test("F039 is not taken up on a server without ids: one request, and an error block", async () => {
    const first = new LiveStream();
    const server = new ScriptedServer().on("threads.create", () => first);
    const chat = openSession(server);
    const sent = chat.session.sendMessage(hello);
    first.send(...opening);
    await sent;
    first.drop();
    await chat.idle();
    expect(server.types()).toEqual(["threads.create"]);
    expect(chat.state().thread.error).toMatchObject({ code: "network.dropped", allowRetry: true });
  });

  test("before any frame, the same request goes again with the same id", async () => {
    let calls = 0;
    const server = new ScriptedServer()
      .on("threads.get_by_id", () => wire.thread())
      .on("threads.add_user_message", () => {
        calls += 1;
        if (calls === 1) throw new TypeError("reset");
        return new LiveStream("run")
          .send(wire.done(wire.user("u1")), wire.done(wire.assistant("a1", "Hi")))
          .close();
      });
    server.extended = true;
    const chat = openSession(server);
    await chat.session.openThread("thr_1");
    await chat.session.sendMessage(hello);
    await chat.idle();
    const ids = server.requests
      .filter(({ type }) => type === "threads.add_user_message")
      .map(({ params }) => params.client_request_id);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
    expect(textOf(chat)).toBe("Hi");
  });

  test("to a run that is gone, the thread is read again", async () => {
    const first = new LiveStream("run");
    const server = new ScriptedServer()
      .on("threads.create", () => first)
      .on("threads.resume", () => answered())
      .on("threads.get_by_id", () =>
        wire.thread("thr_1", {
          items: { data: [wire.user("u1"), wire.assistant("a1", "all of it")], has_more: false },
        }),
      );
    const chat = openSession(server);
    const sent = chat.session.sendMessage(hello);
    first.send(...opening);
    await sent;
    first.drop();
    await chat.until(() => textOf(chat) === "all of it");
    expect(server.types()).toEqual(["threads.create", "threads.resume", "threads.get_by_id"]);
  });
});

describe("a thread that is being answered", () => {
  const active = wire.thread("thr_1", {
    run: { id: "run" },
    items: { data: [wire.user("u1")], has_more: false },
  });

  test("goes on after a reload, from the beginning of the run", async () => {
    const server = new ScriptedServer()
      .on("threads.get_by_id", () => active)
      .on("threads.resume", () =>
        new LiveStream("run")
          .send(
            wire.done(wire.user("u1")),
            wire.added(wire.assistant("a1")),
            wire.delta("a1", "Hi"),
            wire.done(wire.assistant("a1", "Hi")),
          )
          .close(),
      );
    server.extended = true;
    const chat = openSession(server);
    await chat.session.openThread("thr_1");
    await chat.idle();
    expect(server.last("threads.resume").params).toEqual({ thread_id: "thr_1" });
    expect(chat.items().map(({ id }) => id)).toEqual(["u1", "a1"]);
    expect(textOf(chat)).toBe("Hi");
  });

  test("leaves client tools and effects to the page that asked", async () => {
    let calls = 0;
    const server = new ScriptedServer()
      .on("threads.get_by_id", () => active)
      .on("threads.resume", () =>
        new LiveStream("run")
          .send({ type: "client_effect", name: "x", data: {} }, wire.done(wire.tool("t1", "f")))
          .close(),
      );
    const chat = openSession(server, {
      onClientTool: () => {
        calls += 1;
      },
    });
    await chat.session.openThread("thr_1");
    await chat.idle();
    expect(calls).toBe(0);
    expect(chat.names()).not.toContain("effect");
  });
});

test("Retry after a run that was interrupted asks for another answer, not for the same run", async () => {
  const server = new ScriptedServer()
    .on("threads.get_by_id", () =>
      wire.thread("thr_1", { run: { id: "run" }, items: { data: [wire.user("u1")], has_more: false } }),
    )
    .on("threads.resume", () => new LiveStream("run").send(wire.error({ code: "run.interrupted" })).close())
    .on("threads.retry_after_item", () =>
      new LiveStream("next").send(wire.done(wire.assistant("a1", "Hi"))).close(),
    );
  const chat = openSession(server);
  await chat.session.openThread("thr_1");
  await chat.idle();
  expect(chat.state().thread.error).toMatchObject({ code: "run.interrupted", allowRetry: true });
  await chat.session.retryTurn();
  expect(server.types()).toEqual(["threads.get_by_id", "threads.resume", "threads.retry_after_item"]);
  expect(server.last("threads.retry_after_item").params).toMatchObject({ item_id: "u1" });
  expect(textOf(chat)).toBe("Hi");
});

test("a message that was answered with an error goes again under another id", async () => {
  const server = new ScriptedServer()
    .on("threads.get_by_id", () => wire.thread())
    .on("threads.add_user_message", () => new LiveStream("run").send(wire.error()).close());
  server.extended = true;
  const chat = openSession(server);
  await chat.session.openThread("thr_1");
  await chat.session.sendMessage(hello).catch(() => undefined);
  await chat.idle();
  await chat.session.resend(chat.items()[0]?.id ?? "").catch(() => undefined);
  await chat.idle();
  const ids = server.requests
    .filter(({ type }) => type === "threads.add_user_message")
    .map(({ params }) => params.client_request_id);
  expect(ids).toHaveLength(2);
  expect(ids[0]).not.toBe(ids[1]);
});

describe("Stop", () => {
  test("F040 closes the line on a server without ids and keeps the partial text", async () => {
    const stream = new LiveStream();
    const chat = openSession(new ScriptedServer().on("threads.create", () => stream));
    const sent = chat.session.sendMessage(hello);
    stream.send(...opening, wire.delta("a1", "partial"));
    await sent;
    await chat.until(() => textOf(chat) === "partial");
    await chat.session.stop();
    await chat.idle();
    expect(stream.aborted).toBe(true);
    expect(textOf(chat)).toBe("partial");
    expect(chat.errors()).toEqual([]);
    expect(chat.names().at(-1)).toBe("response.end");
  });

  test("is a request where the server knows it, and what the server still says counts", async () => {
    const stream = new LiveStream("run");
    const server = new ScriptedServer()
      .on("threads.create", () => stream)
      .on("threads.stop", () => {
        stream.send(wire.done(wire.assistant("a1", "partial, stored"))).close();
        return {};
      });
    const chat = openSession(server);
    const sent = chat.session.sendMessage(hello);
    stream.send(...opening, wire.delta("a1", "partial"));
    await sent;
    await chat.until(() => textOf(chat) === "partial");
    await chat.session.stop();
    await chat.idle();
    expect(server.last("threads.stop").params).toEqual({ thread_id: "thr_1", run_id: "run" });
    expect(textOf(chat)).toBe("partial, stored");
  });

  test("before the server took the message leaves it to be sent again", async () => {
    const server = new ScriptedServer().on("threads.create", () => new LiveStream());
    const chat = openSession(server);
    const sent = chat.session.sendMessage(hello);
    await chat.session.stop();
    await expect(sent).rejects.toBeInstanceOf(Error);
    await chat.idle();
    expect(Object.values(chat.state().thread.marks)[0]?.failed).toMatchObject({ code: "stopped" });
    expect(chat.errors()).toEqual([]);
  });
});

test("leaving a thread while it is answered lets go of the stream without stopping the run", async () => {
  const stream = new LiveStream("run");
  const server = new ScriptedServer().on("threads.create", () => stream);
  const chat = openSession(server);
  const sent = chat.session.sendMessage(hello);
  stream.send(...opening);
  await sent;
  await chat.session.openThread(null);
  expect(stream.aborted).toBe(true);
  expect(server.types()).toEqual(["threads.create"]);
  expect(chat.items()).toEqual([]);
  expect(chat.session.busy).toBe(false);
  expect(chat.names().slice(-2)).toEqual(["response.end", "thread.change"]);
});

describe("the hosted profile", () => {
  test("asks for a secret once and for another after a 401", async () => {
    const asked: (string | null)[] = [];
    const server = new ScriptedServer().on("threads.get_by_id", (_params, { headers }) =>
      headers.Authorization === "Bearer fresh" ? wire.thread() : json({}, 401),
    );
    const api = {
      url: "http://127.0.0.1/c",
      fetch: server.fetch,
      uploadStrategy: null,
      getClientSecret: async (current: string | null) => {
        asked.push(current);
        return current === null ? "old" : "fresh";
      },
    };
    const chat = openSession(server, { api });
    await chat.session.openThread("thr_1");
    expect(asked).toEqual([null, "old"]);
    await chat.session.fetchUpdates();
    expect(asked).toHaveLength(2);
  });
});

describe("a page that comes back", () => {
  const asleep = 60_000;

  test("takes up a line that died in its sleep, and leaves a living one alone", async () => {
    const first = new LiveStream("run");
    const server = new ScriptedServer()
      .on("threads.create", () => first)
      .on("threads.resume", () =>
        new LiveStream("run", 5)
          .send(wire.delta("a1", "two"), wire.done(wire.assistant("a1", "one two")))
          .close(),
      );
    const chat = openSession(server);
    const sent = chat.session.sendMessage(hello);
    first.send(...opening, wire.delta("a1", "one "));
    await sent;
    await chat.until(() => textOf(chat) === "one ");
    await chat.session.catchUp();
    expect(server.types()).not.toContain("threads.resume");
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + asleep);
    await chat.session.catchUp();
    await chat.idle();
    expect(server.last("threads.resume").params).toEqual({ thread_id: "thr_1", after: "run:5" });
    expect(textOf(chat)).toBe("one two");
    expect(chat.errors()).toEqual([]);
  });

  test("shows what happened while it was offline instead of the error it gave up with", async () => {
    const first = new LiveStream("run");
    let online = false;
    const whole = wire.thread("thr_1", {
      items: { data: [wire.user("u1"), wire.assistant("a1", "one two")], has_more: false },
    });
    const server = new ScriptedServer()
      .on("threads.create", () => first)
      .on("threads.resume", () => {
        throw new TypeError("offline");
      })
      .on("threads.get_by_id", () => {
        if (!online) throw new TypeError("offline");
        return json(whole);
      });
    const chat = openSession(server);
    const sent = chat.session.sendMessage(hello);
    first.send(...opening, wire.delta("a1", "one "));
    await sent;
    first.drop();
    await chat.idle();
    expect(chat.state().thread.error?.error.name).toBe("NetworkError");
    await chat.session.catchUp();
    expect(chat.state().thread.error).not.toBeNull();
    online = true;
    await chat.session.catchUp();
    expect(chat.state().thread.error).toBeNull();
    expect(textOf(chat)).toBe("one two");
  });

  test("does not show a message twice that arrived although its answer was lost", async () => {
    let lost = true;
    const chatItems = [wire.user("u1", "Before"), wire.assistant("a1", "Yes")];
    const server = new ScriptedServer()
      .on("threads.get_by_id", () =>
        json(wire.thread("thr_1", { items: { data: chatItems, has_more: false } })),
      )
      .on("threads.add_user_message", () => {
        if (lost) throw new TypeError("offline");
        return new LiveStream("run").close();
      });
    server.extended = true;
    const chat = openSession(server);
    await chat.session.openThread("thr_1");
    await chat.session.sendMessage(hello).catch(() => undefined);
    await chat.session
      .sendMessage({ content: [{ type: "input_text", text: "Lost" }] })
      .catch(() => undefined);
    await chat.idle();
    expect(chat.items()).toHaveLength(4);
    lost = false;
    chatItems.push(wire.user("u2", "Hello"), wire.assistant("a2", "Hi"));
    await chat.session.catchUp();
    const said = chat.items().flatMap((item) => (item.type === "user_message" ? item.content[0]?.text : []));
    expect(said).toEqual(["Before", "Hello", "Lost"]);
  });

  test("loads the thread that could not be loaded without a network", async () => {
    let online = false;
    const server = new ScriptedServer().on("threads.get_by_id", () => {
      if (!online) throw new TypeError("offline");
      return json(wire.thread("thr_1", { items: { data: [wire.user("u1")], has_more: false } }));
    });
    const chat = openSession(server);
    await chat.session.openThread("thr_1").catch(() => undefined);
    expect(chat.state().thread.load.phase).toBe("failed");
    online = true;
    await chat.session.catchUp();
    expect(chat.state().thread.load.phase).toBe("idle");
    expect(chat.items()).toHaveLength(1);
  });
});
