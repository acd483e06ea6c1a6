import { describe, expect, test } from "vitest";
import { answered, json, LiveStream, ScriptedServer } from "../testing/scripted_server.ts";
import { openSession } from "../testing/session.ts";
import { wire } from "../testing/wire.ts";

const message = (n: number) => wire.assistant(`a${n}`, `text ${n}`);
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => message(from + n));

/** 60 items; the first answer holds the oldest 20, as the protocol says. */
function longThread(): ScriptedServer {
  return new ScriptedServer()
    .on("threads.get_by_id", () =>
      wire.thread("thr_1", { items: { data: range(1, 20), has_more: true, after: "a20" } }),
    )
    .on("items.list", ({ after }) =>
      after === undefined
        ? { data: range(11, 60).reverse(), has_more: true, after: "a11" }
        : { data: range(1, 10).reverse(), has_more: false },
    );
}

test("F064 a long thread shows its newest page and pages backwards", async () => {
  const server = longThread();
  const chat = openSession(server);
  await chat.session.openThread("thr_1");
  expect(server.last("items.list").params).toEqual({ thread_id: "thr_1", limit: 50, order: "desc" });
  expect(chat.items().map(({ id }) => id)).toEqual(range(11, 60).map(({ id }) => id));
  const kept = chat.items()[0];
  await chat.session.loadOlder();
  expect(server.last("items.list").params).toMatchObject({ after: "a11" });
  expect(chat.items().map(({ id }) => id)).toEqual(range(1, 60).map(({ id }) => id));
  expect(chat.items()[10]).toBe(kept);
  expect(chat.state().thread.older.hasMore).toBe(false);
});

test("a page that hidden items have emptied is no end", async () => {
  const server = new ScriptedServer()
    .on("threads.get_by_id", () => wire.thread("thr_1", { items: { data: [], has_more: true } }))
    .on("items.list", () => ({ data: [], has_more: true, after: "x" }));
  const chat = openSession(server);
  await chat.session.openThread("thr_1");
  expect(chat.state().thread.older).toEqual({ phase: "idle", hasMore: true, cursor: "x" });
});

test("F031 loading events are paired, and a failure can be tried again", async () => {
  let down = true;
  const server = new ScriptedServer().on("threads.get_by_id", () =>
    down ? json({ error: { code: "thread.not_found", message: "Gone" } }, 404) : wire.thread(),
  );
  const chat = openSession(server);
  await expect(chat.session.openThread("thr_1")).rejects.toMatchObject({
    status: 404,
    code: "thread.not_found",
  });
  expect(chat.names()).toEqual(["thread.change", "thread.load.start", "error", "thread.load.end"]);
  expect(chat.state().thread.load).toMatchObject({ phase: "failed" });
  down = false;
  await chat.session.reloadThread();
  expect(chat.state().thread.load.phase).toBe("idle");
});

test("F065 the server's order stands, whatever the timestamps say", async () => {
  const items = [
    message(1),
    { ...message(2), created_at: "1999-01-01T00:00:00" },
    { ...message(3), created_at: "no date" },
    { ...message(4), created_at: undefined },
  ];
  const chat = openSession(
    new ScriptedServer().on("threads.get_by_id", () =>
      wire.thread("thr_1", { items: { data: items, has_more: false } }),
    ),
  );
  await chat.session.openThread("thr_1");
  expect(chat.items().map(({ id }) => id)).toEqual(["a1", "a2", "a3", "a4"]);
});

describe("F028 fetchUpdates", () => {
  test("changes what changed and leaves the rest the same object", async () => {
    let second = "old";
    const server = new ScriptedServer().on("threads.get_by_id", () =>
      wire.thread("thr_1", {
        status: { type: second === "old" ? "active" : "locked" },
        items: { data: [message(1), wire.assistant("a2", second)], has_more: false },
      }),
    );
    const chat = openSession(server);
    await chat.session.openThread("thr_1");
    const [first] = chat.items();
    second = "new";
    await chat.session.fetchUpdates();
    expect(chat.items()[0]).toBe(first);
    expect(chat.items()[1]).toMatchObject({ content: [{ text: "new" }] });
    expect(chat.state().thread.status.type).toBe("locked");
  });

  test("keeps older pages in front of the newest", async () => {
    const chat = openSession(longThread());
    await chat.session.openThread("thr_1");
    await chat.session.loadOlder();
    await chat.session.fetchUpdates();
    expect(chat.items()).toHaveLength(60);
  });

  test("that come after a message was sent do not take it away, and are read after its answer", async () => {
    const reads: (() => void)[] = [];
    const answer = new LiveStream("run");
    let stored: object[] = [message(1)];
    const server = new ScriptedServer()
      .on("threads.get_by_id", async () => {
        const thread = wire.thread("thr_1", { items: { data: stored, has_more: false } });
        if (reads.length > 0) await new Promise<void>((resolve) => reads.push(resolve));
        return thread;
      })
      .on("threads.add_user_message", () => answer);
    const chat = openSession(server);
    await chat.session.openThread("thr_1");
    reads.push(() => undefined);
    const updates = chat.session.fetchUpdates();
    const sent = chat.session.sendMessage({ content: [{ type: "input_text", text: "Hello" }] });
    answer.send(wire.done(wire.user("u1")), wire.added(wire.assistant("a2")));
    await sent;
    await chat.until(() => chat.items().length === 3);
    reads.pop()?.();
    await updates;
    expect(chat.items().map(({ id }) => id)).toEqual(["a1", "u1", "a2"]);
    reads.length = 0;
    stored = [message(1), message(9), wire.user("u1"), wire.assistant("a2", "answered")];
    answer.send(wire.delta("a2", "answered"), wire.done(wire.assistant("a2", "answered"))).close();
    await chat.until(() => chat.items().length === 4);
    expect(chat.items().map(({ id }) => id)).toEqual(["a1", "a9", "u1", "a2"]);
  });

  test("that come after a whole answer are read once more", async () => {
    let hold: Promise<void> | null = null;
    let stored: object[] = [message(1)];
    const server = new ScriptedServer()
      .on("threads.get_by_id", async () => {
        const thread = wire.thread("thr_1", { items: { data: stored, has_more: false } });
        await hold;
        return thread;
      })
      .on("threads.add_user_message", () => answered(wire.done(wire.user("u1"))));
    const chat = openSession(server);
    await chat.session.openThread("thr_1");
    let go = (): void => undefined;
    hold = new Promise((resolve) => {
      go = resolve;
    });
    const updates = chat.session.fetchUpdates();
    await chat.session.sendMessage({ content: [{ type: "input_text", text: "Hello" }] });
    await chat.idle();
    stored = [message(1), wire.user("u1")];
    go();
    await updates;
    expect(chat.items().map(({ id }) => id)).toEqual(["a1", "u1"]);
  });

  test("without a thread does nothing", async () => {
    const server = new ScriptedServer();
    await openSession(server).session.fetchUpdates();
    expect(server.requests).toEqual([]);
  });
});

test("F030 the open thread, opened again, is no change", async () => {
  const server = new ScriptedServer().on("threads.get_by_id", () => wire.thread());
  const chat = openSession(server);
  await chat.session.openThread("thr_1");
  await chat.session.openThread("thr_1");
  expect(chat.names().filter((name) => name === "thread.change")).toHaveLength(1);
  expect(server.requests).toHaveLength(1);
});

test("an answer for a thread that was left meanwhile is dropped", async () => {
  const server = new ScriptedServer().on("threads.get_by_id", ({ thread_id }) =>
    wire.thread(String(thread_id)),
  );
  const chat = openSession(server);
  const first = chat.session.openThread("thr_1");
  await chat.session.openThread("thr_2");
  await first;
  expect(chat.state().thread.id).toBe("thr_2");
});

describe("history", () => {
  const rows = (from: number, to: number) =>
    range(from, to).map(({ id }) => ({ id: `thr_${id}`, created_at: "", title: id }));

  function listing() {
    return new ScriptedServer()
      .on("threads.list", ({ after }) =>
        after === undefined
          ? { data: rows(1, 20), has_more: true, after: "thr_a20" }
          : { data: rows(20, 25), has_more: false },
      )
      .on("threads.get_by_id", ({ thread_id }) => wire.thread(String(thread_id)))
      .on("threads.update", () => ({}))
      .on("threads.delete", () => ({}));
  }

  test("F029 opens and closes once, F128 and pages with the cursor", async () => {
    const server = listing();
    const chat = openSession(server);
    chat.session.openHistory();
    chat.session.openHistory();
    await chat.until(({ history }) => history.phase === "idle" && history.threads.length === 20);
    await chat.session.loadMoreThreads();
    expect(server.last("threads.list").params).toEqual({ limit: 20, order: "desc", after: "thr_a20" });
    expect(chat.state().history.threads).toHaveLength(25);
    chat.session.closeHistory();
    chat.session.closeHistory();
    expect(chat.names()).toEqual(["history.open", "history.close"]);
  });

  test("a server of ours searches and sorts by activity, a plain one is asked for neither", async () => {
    const server = listing();
    const chat = openSession(server);
    await chat.session.searchThreads("invoice");
    expect(server.last("threads.list").params).toEqual({ limit: 20, order: "desc" });
    server.extended = true;
    await chat.session.searchThreads("invoice");
    await chat.session.searchThreads("invoice");
    expect(server.last("threads.list").params).toEqual({
      limit: 20,
      order: "desc",
      sort: "updated_at",
      query: "invoice",
    });
  });

  test("F129 renaming shows at once and goes back when it is refused", async () => {
    const server = listing();
    const chat = openSession(server);
    await chat.session.openThread("thr_a1");
    chat.session.openHistory();
    await chat.until(({ history }) => history.threads.length === 20);
    const renamed = chat.session.renameThread("thr_a1", "Better");
    expect(chat.state().thread.title).toBe("Better");
    await renamed;
    expect(server.last("threads.update").params).toEqual({ thread_id: "thr_a1", title: "Better" });
    server.on("threads.update", () => json({}, 500));
    await chat.session.renameThread("thr_a1", "Worse");
    expect(chat.state().history.threads[0]?.title).toBe("Better");
    expect(chat.state().toasts[0]?.code).toBe("history.rename_failed");
  });

  test("F130 a refused deletion puts the row back where it was", async () => {
    const server = listing().on("threads.delete", () => json({}, 500));
    const chat = openSession(server);
    chat.session.openHistory();
    await chat.until(({ history }) => history.threads.length === 20);
    await chat.session.deleteThread("thr_a3");
    expect(chat.state().history.threads[2]?.id).toBe("thr_a3");
    expect(chat.errors()).toHaveLength(1);
  });

  test("F131 deleting the open thread shows the new-thread view and leaves the history open", async () => {
    const chat = openSession(listing());
    await chat.session.openThread("thr_a1");
    chat.session.openHistory();
    await chat.until(({ history }) => history.threads.length === 20);
    await chat.session.deleteThread("thr_a1");
    expect(chat.heard.findLast(({ name }) => name === "thread.change")?.detail).toEqual({ threadId: null });
    expect(chat.state().view).toBe("history");
  });

  test("F132 is refused when the page turned it off", () => {
    const { session } = openSession(listing(), { historyEnabled: false });
    expect(() => session.openHistory()).toThrow(/history.enabled/);
  });
});

describe("retry", () => {
  const server = () =>
    new ScriptedServer()
      .on("threads.get_by_id", () =>
        wire.thread("thr_1", {
          items: { data: [wire.user("u1"), wire.assistant("a1", "old")], has_more: false },
        }),
      )
      .on("threads.retry_after_item", () =>
        answered(
          { type: "thread.item.removed", item_id: "a1" },
          wire.options(),
          wire.added(wire.assistant("a2")),
          wire.done(wire.assistant("a2", "new")),
        ),
      );

  test("F089 names the user message, and the old answer stays until the new one is there", async () => {
    const scripted = server();
    const chat = openSession(scripted);
    await chat.session.openThread("thr_1");
    const seen: string[] = [];
    const stop = chat.session.state.subscribe(({ thread }) =>
      seen.push(thread.items.map(({ id }) => id).join(" ")),
    );
    await chat.session.retryAfter();
    stop();
    expect(scripted.last("threads.retry_after_item").params).toEqual({ thread_id: "thr_1", item_id: "u1" });
    expect([...new Set(seen)]).toEqual(["u1 a1", "u1 a2"]);
    expect(chat.state().thread.marks).toEqual({});
  });

  test("a retry that fails keeps the old answer", async () => {
    const scripted = server().on("threads.retry_after_item", () => json({}, 500));
    const chat = openSession(scripted);
    await chat.session.openThread("thr_1");
    await chat.session.retryAfter();
    expect(chat.items().map(({ id }) => id)).toEqual(["u1", "a1"]);
    expect(chat.state().thread.error).toMatchObject({ code: "http.500", allowRetry: true });
  });
});

test("F088 feedback names all items of the turn and goes back when it is refused", async () => {
  const server = new ScriptedServer()
    .on("threads.get_by_id", () => wire.thread("thr_1", { items: { data: range(1, 2), has_more: false } }))
    .on("items.feedback", () => ({}));
  const chat = openSession(server);
  await chat.session.openThread("thr_1");
  await chat.session.sendFeedback(["a1", "a2"], "positive");
  expect(server.last("items.feedback").params).toEqual({
    thread_id: "thr_1",
    item_ids: ["a1", "a2"],
    kind: "positive",
  });
  expect(chat.state().thread.marks.a2?.feedback).toBe("positive");
  server.on("items.feedback", () => json({}, 500));
  await chat.session.sendFeedback(["a1", "a2"], "negative");
  expect(chat.state().thread.marks.a2?.feedback).toBe("positive");
});

test("an edited message goes to a branch, and a refusal brings the thread back", async () => {
  const items = {
    data: [
      wire.user("u1", "one"),
      wire.assistant("a1", "1"),
      wire.user("u2", "two"),
      wire.assistant("a2", "2"),
    ],
    has_more: false,
  };
  const branch = {
    branches: [{ item_id: "u3", index: 1, siblings: ["thr_1", "thr_2"] }],
    items: {
      data: [
        wire.user("copy_u1", "one"),
        wire.assistant("copy_a1", "1"),
        wire.user("u3", "three"),
        wire.assistant("a3", "3"),
      ],
      has_more: false,
    },
  };
  const server = new ScriptedServer()
    .on("threads.get_by_id", ({ thread_id }) =>
      thread_id === "thr_1" ? wire.thread("thr_1", { items }) : wire.thread("thr_2", branch),
    )
    .on("threads.edit_message", () => json({}, 500));
  server.extended = true;
  const chat = openSession(server);
  await chat.session.openThread("thr_1");
  expect(chat.session.canEdit).toBe(true);
  await expect(chat.session.editMessage("u2", [{ type: "input_text", text: "three" }])).rejects.toMatchObject(
    { status: 500 },
  );
  await chat.idle();
  expect(chat.items().map(({ id }) => id)).toEqual(["u1", "a1", "u2", "a2"]);
  server.on("threads.edit_message", () =>
    answered(
      wire.created(
        wire.thread("thr_2", {
          branches: [{ item_id: "u3", index: 1, siblings: ["thr_1", "thr_2"] }],
        }),
      ),
      wire.done(wire.user("u3", "three")),
      wire.done(wire.assistant("a3", "3")),
    ),
  );
  await chat.session.editMessage("u2", [{ type: "input_text", text: "three" }]);
  expect(server.last("threads.edit_message").params).toMatchObject({
    thread_id: "thr_1",
    item_id: "u2",
    input: { content: [{ text: "three" }] },
  });
  expect(chat.items().map(({ id }) => id)).toEqual(["copy_u1", "copy_a1", "u3", "a3"]);
  expect(chat.state().thread).toMatchObject({ id: "thr_2", branches: [{ siblings: ["thr_1", "thr_2"] }] });
});
