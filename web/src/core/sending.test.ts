import { describe, expect, test, vi } from "vitest";
import { answered, json, LiveStream, ScriptedServer } from "../testing/scripted_server.ts";
import { openSession } from "../testing/session.ts";
import { wire } from "../testing/wire.ts";

const hello = { content: [{ type: "input_text" as const, text: "Hello" }] };
const assistantTurn = (user: string, assistant: string): object[] => [
  wire.done(wire.user(user)),
  wire.options(),
  wire.added(wire.assistant(assistant)),
  wire.delta(assistant, "Hi"),
  wire.done(wire.assistant(assistant, "Hi")),
];

function friendly(): ScriptedServer {
  return new ScriptedServer()
    .on("threads.create", () => answered(wire.created(wire.thread()), ...assistantTurn("u1", "a1")))
    .on("threads.add_user_message", () => answered(...assistantTurn("u2", "a2")));
}

describe("a first message", () => {
  test("makes the thread, and its events come in the documented order", async () => {
    const chat = openSession(friendly());
    await chat.session.sendMessage(hello);
    await chat.idle();
    expect(chat.names()).toEqual(["response.start", "thread.change", "message.sent", "response.end"]);
    expect(chat.items().map(({ id }) => id)).toEqual(["u1", "a1"]);
    expect(chat.state().thread.id).toBe("thr_1");
  });

  test("F042 shows at once and is replaced by the server's own, under the same key", async () => {
    const stream = new LiveStream();
    const chat = openSession(new ScriptedServer().on("threads.create", () => stream));
    const sent = chat.session.sendMessage(hello);
    const [local] = chat.items();
    expect(local).toMatchObject({ type: "user_message", content: [{ text: "Hello" }] });
    expect(chat.state().thread.marks[local?.id ?? ""]).toEqual({ sending: true });
    stream.send(wire.created(wire.thread()), wire.done(wire.user("u1")));
    await sent;
    expect(chat.items()).toHaveLength(1);
    expect(chat.items()[0]?.id).toBe("u1");
    expect(chat.state().thread.marks.u1?.key).toBe(local?.id);
    stream.close();
    await chat.idle();
  });

  test("F044 F017 carries attachments, inference options and the language", async () => {
    const server = friendly();
    await openSession(server).session.sendMessage(hello);
    const { params, headers } = server.last("threads.create");
    expect(params).toEqual({
      input: { content: [{ type: "input_text", text: "Hello" }], attachments: [], inference_options: {} },
    });
    expect(headers["Accept-Language"]).toBe("de-DE");
    expect({ ...headers }).toMatchObject({ "Content-Type": "application/json", Accept: "text/event-stream" });
  });

  test("F045 gives a tag its data, group and interactivity", async () => {
    const server = friendly();
    await openSession(server).session.sendMessage({
      content: [{ type: "input_tag", id: "e1", text: "Ada", data: {}, group: "People" }],
    });
    expect(server.last("threads.create").params).toMatchObject({
      input: {
        content: [
          { type: "input_tag", id: "e1", text: "Ada", data: {}, group: "People", interactive: false },
        ],
      },
    });
  });
});

describe("a message that does not arrive", () => {
  test("F043 shows as failed, and Retry sends the same body again", async () => {
    let refused = true;
    const server = new ScriptedServer().on("threads.create", () =>
      refused
        ? json({ error: { code: "store.down", message: "Try later" } }, 503)
        : answered(wire.created(wire.thread()), ...assistantTurn("u1", "a1")),
    );
    const chat = openSession(server);
    await expect(chat.session.sendMessage(hello)).rejects.toMatchObject({
      name: "HttpError",
      status: 503,
      code: "store.down",
    });
    await chat.idle();
    const local = chat.items()[0]?.id ?? "";
    expect(chat.state().thread.marks[local]?.failed).toMatchObject({ message: "Try later" });
    expect(chat.names()).toEqual(["response.start", "error", "response.end"]);
    refused = false;
    await chat.session.resend(local);
    await chat.idle();
    expect(server.requests.map(({ params }) => params)).toEqual([
      server.requests[0]?.params,
      server.requests[0]?.params,
    ]);
    expect(chat.items().map(({ id }) => id)).toEqual(["u1", "a1"]);
    expect(chat.state().thread.marks).toEqual({ u1: { key: local } });
  });

  test("F039 a server that closes early gets no second request", async () => {
    const server = new ScriptedServer().on("threads.create", () => answered());
    const chat = openSession(server);
    await expect(chat.session.sendMessage(hello)).rejects.toMatchObject({
      name: "NetworkError",
      code: "network.ended",
    });
    await chat.idle();
    expect(server.requests).toHaveLength(1);
    expect(Object.values(chat.state().thread.marks)[0]?.failed).toBeInstanceOf(Error);
  });

  test("goes back into the draft when it is discarded", async () => {
    const chat = openSession(new ScriptedServer());
    await chat.session.sendMessage(hello).catch(() => undefined);
    await chat.idle();
    chat.session.discard(chat.items()[0]?.id ?? "");
    expect(chat.items()).toEqual([]);
    expect(chat.state().composer.draft.content).toEqual(hello.content);
  });

  test("an answer that is no stream is named", async () => {
    const chat = openSession(new ScriptedServer().on("threads.create", () => json({ hello: 1 })));
    await expect(chat.session.sendMessage(hello)).rejects.toMatchObject({
      name: "HttpError",
      code: "response.invalid",
    });
  });

  test("the server's words and the request id reach the page", async () => {
    const body = { error: { code: "rate.limited", message: "Slow down", request_id: "req_7" } };
    const server = new ScriptedServer().on("threads.create", () => json(body, 429, { "Retry-After": "12" }));
    const chat = openSession(server);
    await expect(chat.session.sendMessage(hello)).rejects.toMatchObject({
      requestId: "req_7",
      retryAfter: 12,
      status: 429,
    });
  });
});

describe("while an answer is written", () => {
  test("F021 another message is refused", async () => {
    const stream = new LiveStream();
    const chat = openSession(new ScriptedServer().on("threads.create", () => stream));
    const first = chat.session.sendMessage(hello);
    await expect(chat.session.sendMessage(hello)).rejects.toMatchObject({
      name: "IntegrationError",
      code: "busy",
    });
    stream.send(wire.created(wire.thread()), wire.done(wire.user("u1"))).close();
    await first;
    await chat.idle();
  });

  test("F022 the turn is over before response.end is heard", async () => {
    const server = friendly();
    const chat = openSession(server);
    const busy: boolean[] = [];
    const push = chat.heard.push.bind(chat.heard);
    chat.heard.push = (...heard) => {
      if (heard[0]?.name === "response.end") busy.push(chat.session.busy);
      return push(...heard);
    };
    await chat.session.sendMessage(hello);
    await chat.idle();
    expect(busy).toEqual([false]);
  });

  test("the phase goes from waiting to streaming with the first visible answer", async () => {
    const stream = new LiveStream();
    const chat = openSession(new ScriptedServer().on("threads.create", () => stream));
    const sent = chat.session.sendMessage(hello);
    expect(chat.state().turn.phase).toBe("waiting");
    stream.send(wire.created(wire.thread()), wire.done(wire.user("u1")));
    await sent;
    expect(chat.state().turn.phase).toBe("waiting");
    stream.send(wire.added(wire.assistant("a1")));
    await vi.waitFor(() => expect(chat.state().turn.phase).toBe("streaming"));
    expect(chat.state().thread.marks.a1).toEqual({ streaming: true });
    stream.close();
    await chat.idle();
    expect(chat.state().thread.marks.a1).toBeUndefined();
  });
});

test("an empty message is refused without a request", async () => {
  const server = friendly();
  await expect(
    openSession(server).session.sendMessage({ content: [{ type: "input_text", text: "  " }] }),
  ).rejects.toMatchObject({
    code: "message.empty",
  });
  expect(server.requests).toEqual([]);
});

test("F120 a locked thread takes no message", async () => {
  const server = new ScriptedServer().on("threads.get_by_id", () =>
    wire.thread("thr_1", { status: { type: "locked", reason: "Paid" } }),
  );
  const { session } = openSession(server);
  await session.openThread("thr_1");
  await expect(session.sendMessage(hello)).rejects.toMatchObject({ code: "thread.locked" });
});

test("F023 a message may ask for a new thread, a tool and a model", async () => {
  const server = friendly();
  const chat = openSession(server);
  await chat.session.sendMessage(hello);
  await chat.idle();
  await chat.session.sendMessage({
    ...hello,
    newThread: true,
    toolChoice: { id: "search" },
    model: "small",
    quote: "earlier",
  });
  await chat.idle();
  expect(server.types()).toEqual(["threads.create", "threads.create"]);
  expect(server.last("threads.create").params).toMatchObject({
    input: { quoted_text: "earlier", inference_options: { tool_choice: { id: "search" }, model: "small" } },
  });
});
