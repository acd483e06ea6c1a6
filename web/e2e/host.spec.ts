import { expect, test } from "./fixtures.ts";

const api = { url: "/chatkit", domainKey: "local" };

test("F001 the script may come twice", async ({ chat }) => {
  await chat.open();
  await chat.page.addScriptTag({ url: "/static/chatkit.js?again" });
  await chat.say("say Still here");
  await expect(chat.answer("Still here")).toBeVisible();
});

test("F002 an element may get its options before it is in the document", async ({ chat }) => {
  await chat.goto("/page/empty");
  await chat.page.addScriptTag({ url: "/static/chatkit.js" });
  await chat.page.evaluate(
    (options) => {
      const element = document.createElement("openai-chatkit");
      window.listen(element);
      element.setOptions(options);
      document.body.append(element);
    },
    { api, startScreen: { greeting: "Good morning" } },
  );
  await chat.expectHeard("ready");
  await expect(chat.view.getByText("Good morning")).toBeVisible();
});

test("F003 markup first, script later", async ({ chat }) => {
  await chat.goto("/page/empty");
  await chat.page.evaluate(
    (options) => {
      document.body.innerHTML = "<openai-chatkit></openai-chatkit>";
      const element = document.querySelector("openai-chatkit");
      if (element) window.listen(element);
      customElements.whenDefined("openai-chatkit").then(() => element?.setOptions(options));
    },
    { api },
  );
  await chat.page.addScriptTag({ url: "/static/chatkit.js" });
  await chat.expectHeard("ready");
  await expect(chat.composer).toBeVisible();
});

test("F004 setOptions replaces everything", async ({ chat }) => {
  await chat.open({ header: { title: { text: "Support desk" } } });
  await expect(chat.view.getByText("Support desk")).toBeVisible();
  await chat.page.evaluate((options) => document.querySelector("openai-chatkit")?.setOptions(options), {
    api,
  });
  await expect(chat.view.getByText("Support desk")).toBeHidden();
});

test("F005 F164 other options keep thread, draft and a running stream, and ask nothing", async ({
  chat,
  backend,
}) => {
  await chat.open();
  await chat.say("say Before|gate more|say after");
  await expect(chat.answer("Before")).toBeVisible();
  await chat.composer.fill("half a thought");
  await chat.page.evaluate((options) => document.querySelector("openai-chatkit")?.setOptions(options), {
    api,
    theme: "dark" as const,
  });
  await backend.open("more");
  await expect(chat.answer("Before after")).toBeVisible();
  await expect(chat.composer).toContainText("half a thought");
  expect(await backend.requests()).toHaveLength(1);
});

test("F006 F019 the same options twice load the first thread once, and another first thread changes nothing", async ({
  chat,
  backend,
}) => {
  await chat.open();
  await chat.say("say First");
  await chat.expectHeard("response.end");
  const id = (await chat.heard("thread.change"))[0]?.detail.threadId as string;
  await chat.goto();
  await chat.page.evaluate(
    async ([options, other]) => {
      const element = document.querySelector("openai-chatkit");
      if (!element) return;
      window.listen(element);
      await customElements.whenDefined("openai-chatkit");
      element.setOptions(options);
      element.setOptions(options);
      element.setOptions({ ...options, initialThread: other });
    },
    [{ api, initialThread: id }, "thr_other"] as const,
  );
  await chat.expectHeard("thread.load.end");
  await expect(chat.answer("First")).toBeVisible();
  expect((await backend.requests("threads.get_by_id")).map(({ params }) => params.thread_id)).toEqual([id]);
  expect(await chat.names()).toEqual(["ready", "thread.change", "thread.load.start", "thread.load.end"]);
});

test("F007 nothing is heard in the first two frames and 50 ms", async ({ chat }) => {
  await chat.goto();
  const early = await chat.page.evaluate(
    async (options) => {
      await customElements.whenDefined("openai-chatkit");
      const element = document.querySelector("openai-chatkit");
      if (!element) throw new Error("no element");
      const start = performance.now();
      let frames = 0;
      const count = (): void => {
        frames += 1;
        requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
      const ready = new Promise<{ time: number; frames: number }>((resolve) =>
        element.addEventListener("chatkit.ready", () => resolve({ time: performance.now() - start, frames })),
      );
      element.setOptions(options);
      return ready;
    },
    { api },
  );
  expect(early.time).toBeGreaterThanOrEqual(50);
  expect(early.frames).toBeGreaterThanOrEqual(2);
});

test("F010 a move in the document keeps the transcript and asks nothing", async ({ chat, backend }) => {
  await chat.open();
  await chat.say("say Staying|gate g|say on");
  await expect(chat.answer("Staying")).toBeVisible();
  await chat.page.evaluate(() => {
    const box = document.createElement("main");
    document.body.append(box);
    const element = document.querySelector("openai-chatkit");
    if (element) box.append(element);
  });
  await backend.open("g");
  await expect(chat.answer("Staying on")).toBeVisible();
  expect(await backend.requests()).toHaveLength(1);
});

test("F011 taking the element away closes its stream", async ({ chat, backend }) => {
  await chat.open();
  await chat.say("say Gone soon|gate never");
  await expect(chat.answer("Gone soon")).toBeVisible();
  await chat.page.evaluate(() => document.querySelector("openai-chatkit")?.remove());
  await expect.poll(() => backend.control<number>("disconnects")).toBeGreaterThan(0);
});

test("F012 without an api the panel and the event say what is missing", async ({ chat }) => {
  await chat.goto();
  await chat.page.evaluate(async () => {
    const element = document.querySelector("openai-chatkit");
    if (!element) return;
    window.listen(element);
    await customElements.whenDefined("openai-chatkit");
    element.setOptions({} as never);
  });
  await chat.expectHeard("error");
  expect((await chat.heard("error"))[0]?.detail).toMatchObject({ name: "IntegrationError", isError: true });
  await expect(chat.view.getByRole("alert")).toContainText("api");
  expect(await chat.call("sendUserMessage", { text: "hi" })).toMatchObject({ error: "IntegrationError" });
});

test("F013 an unknown option is ignored and logged, a faulty one is reported and left out", async ({
  chat,
}) => {
  await chat.open({ foo: 1, composer: { placeholder: 7, sparkle: true } });
  await expect(chat.composer).toBeVisible();
  const logs = (await chat.heard("log"))
    .filter(({ detail }) => detail.name === "options.unknown_key")
    .map(({ detail }) => detail.data.key);
  expect(logs).toEqual(["foo", "composer.sparkle"]);
  expect((await chat.heard("error"))[0]?.detail.message).toContain("composer.placeholder");
});

test("F014 F015 F016 F017 every request goes through api.fetch: a string address, plain headers, one language", async ({
  chat,
  backend,
}) => {
  await chat.goto();
  await chat.page.evaluate(async () => {
    const calls: unknown[] = [];
    Object.assign(window, { calls });
    await window.open_({
      locale: "fr",
      api: {
        url: "chatkit?x=1",
        domainKey: "any",
        fetch: function (this: unknown, url: unknown, init: RequestInit) {
          calls.push({
            type: typeof url,
            url,
            plain: Object.getPrototypeOf(init.headers) === Object.prototype,
            detached: this === undefined || this === window,
            body: typeof init.body,
          });
          return fetch(String(url).replace("/page/chatkit", "/chatkit"), {
            ...init,
            headers: { ...init.headers, "x-mine": "1" },
          });
        },
      },
    });
  });
  await chat.expectHeard("ready");
  await chat.say("say Bonjour");
  await chat.expectHeard("response.end");
  const calls = await chat.page.evaluate(
    () => (window as unknown as { calls: Record<string, unknown>[] }).calls,
  );
  expect(calls.length).toBeGreaterThan(0);
  for (const call of calls) {
    expect(call).toEqual({
      type: "string",
      url: `${backend.url}/page/chatkit?x=1`,
      plain: true,
      detached: true,
      body: "string",
    });
  }
  const [request] = await backend.requests("threads.create");
  expect(request?.headers).toMatchObject({ "x-mine": "1", "accept-language": "fr-FR" });
});

test("F018 frameTitle names the region", async ({ chat }) => {
  await chat.open({ frameTitle: "Support" });
  await expect(chat.page.getByRole("region", { name: "Support" })).toBeVisible();
});

test("F020 F030 setThreadId opens a thread and the new-thread view, and tells only of changes", async ({
  chat,
}) => {
  await chat.open();
  await chat.say("say Remember me");
  await chat.expectHeard("response.end");
  const id = (await chat.heard("thread.change"))[0]?.detail.threadId as string;
  await chat.call("setThreadId", null);
  await expect(chat.answer("Remember me")).toBeHidden();
  expect(await chat.call("setThreadId", id)).toEqual({ value: undefined });
  await expect(chat.answer("Remember me")).toBeVisible();
  await chat.call("setThreadId", id);
  expect(
    (await chat.heard("thread.change", "thread.load.start", "thread.load.end")).map(({ name, detail }) => [
      name,
      detail.threadId,
    ]),
  ).toEqual([
    ["thread.change", id],
    ["thread.change", null],
    ["thread.change", id],
    ["thread.load.start", id],
    ["thread.load.end", id],
  ]);
});

test("F031 a thread that cannot be loaded ends its loading too", async ({ chat, backend }) => {
  await chat.open();
  await backend.control("refuse?status=500");
  expect(await chat.call("setThreadId", "thr_missing")).toMatchObject({ error: "HttpError" });
  expect(await chat.names()).toEqual([
    "ready",
    "thread.change",
    "thread.load.start",
    "error",
    "thread.load.end",
  ]);
  await expect(chat.view.getByRole("button", { name: /again|retry/i })).toBeVisible();
});

test("F021 methods are refused while an answer is written", async ({ chat, backend }) => {
  await chat.open();
  await chat.say("say Busy|gate g");
  await expect(chat.answer("Busy")).toBeVisible();
  const busy = { error: "IntegrationError", code: "busy" };
  expect(await chat.call("sendUserMessage", { text: "Me too" })).toMatchObject(busy);
  expect(await chat.call("setThreadId", null)).toMatchObject(busy);
  expect(await chat.call("sendCustomAction", { type: "x" })).toMatchObject(busy);
  expect(await chat.call("fetchUpdates")).toMatchObject(busy);
  expect(await chat.call("setComposerValue", { text: "draft" })).toEqual({ value: undefined });
  await backend.open("g");
});

test("F022 commands work inside onReady, response.end and widgets.onAction", async ({ chat, backend }) => {
  await chat.goto();
  await chat.page.evaluate(async () => {
    const element = document.querySelector("openai-chatkit");
    if (!element) return;
    const results: string[] = [];
    Object.assign(window, { results });
    const note = (where: string, work: Promise<void>) =>
      work.then(
        () => results.push(where),
        (error: Error) => results.push(`${where}: ${error.message}`),
      );
    element.addEventListener("chatkit.ready", () =>
      note("ready", element.sendUserMessage({ text: "widget" })),
    );
    let ends = 0;
    element.addEventListener("chatkit.response.end", () => {
      ends += 1;
      if (ends === 1) note("end", element.sendUserMessage({ text: "say From the end" }));
    });
    await window.open_({
      widgets: {
        onAction: (_action: unknown, item: { id: string }) =>
          note("action", element.sendCustomAction({ type: "follow" }, item.id)),
      },
    });
  });
  await expect(chat.answer("From the end")).toBeVisible();
  await chat.view.getByRole("button", { name: "Page" }).click();
  await expect(chat.answer("Action follow")).toBeVisible();
  expect(await chat.page.evaluate(() => (window as unknown as { results: string[] }).results)).toEqual([
    "ready",
    "end",
    "action",
  ]);
  expect((await backend.requests("threads.custom_action"))[0]?.params.action).toEqual({ type: "follow" });
});

test("F023 sendUserMessage carries all its parts and leaves the composer alone", async ({
  chat,
  backend,
}) => {
  await chat.open({
    composer: { models: [{ id: "m1", label: "One" }], tools: [{ id: "t1", label: "Tool", icon: "globe" }] },
  });
  await chat.composer.fill("my draft");
  await chat.call("sendUserMessage", {
    content: [
      { type: "input_text", text: "say Ok" },
      { type: "input_tag", id: "e", text: "Ada" },
    ],
    reply: "quoted words",
    toolChoice: { id: "t1" },
    model: "special",
  });
  const [request] = await backend.requests("threads.create");
  expect(request?.params.input).toEqual({
    content: [
      { type: "input_text", text: "say Ok" },
      { type: "input_tag", id: "e", text: "Ada", data: {}, interactive: false },
    ],
    attachments: [],
    quoted_text: "quoted words",
    inference_options: { tool_choice: { id: "t1" }, model: "special" },
  });
  expect(await chat.call("getComposerValue")).toMatchObject({
    value: { text: "my draft", selectedToolId: null, selectedModelId: "m1" },
  });
});

test("F024 F032 setComposerValue sets the parts it is given, and null clears the tool", async ({ chat }) => {
  await chat.open({
    composer: {
      tools: [{ id: "t1", label: "Search", icon: "globe" }],
      models: [
        { id: "m1", label: "One" },
        { id: "m2", label: "Two" },
      ],
    },
  });
  await chat.call("setComposerValue", {
    text: "Prefilled",
    reply: "as I said",
    selectedToolId: "t1",
    selectedModelId: "m2",
  });
  await expect(chat.composer).toContainText("Prefilled");
  await expect(chat.view.getByText("as I said")).toBeVisible();
  await chat.call("setComposerValue", { selectedToolId: null });
  await expect(chat.composer).toContainText("Prefilled");
  expect((await chat.heard("tool.change")).map(({ detail }) => detail.toolId)).toEqual(["t1", null]);
  expect(await chat.call("setComposerValue", { selectedToolId: "nope" })).toMatchObject({
    code: "composer.unknown_tool",
  });
  expect(await chat.call("getComposerValue")).toMatchObject({
    value: { text: "Prefilled", reply: "as I said", selectedModelId: "m2" },
  });
});

test("F032 F098 a tool is cleared after sending", async ({ chat, backend }) => {
  await chat.open({ composer: { tools: [{ id: "t1", label: "Search", icon: "globe" }] } });
  await chat.call("setComposerValue", { selectedToolId: "t1" });
  await chat.say("say One");
  await chat.expectHeard("response.end");
  await chat.say("say Two");
  await chat.expectHeard("response.end", 2);
  expect((await chat.heard("tool.change")).map(({ detail }) => detail.toolId)).toEqual(["t1", null]);
  const [first, second] = [
    (await backend.requests("threads.create"))[0],
    (await backend.requests("threads.add_user_message"))[0],
  ];
  expect(first?.params.input.inference_options).toEqual({ tool_choice: { id: "t1" } });
  expect(second?.params.input.inference_options).toEqual({});
});

test("F025 F107 setComposerValue uploads files by the page's strategy", async ({ chat, backend }) => {
  await chat.open({
    api: { ...api, uploadStrategy: { type: "direct", uploadUrl: "/chatkit/attachments" } },
    composer: { attachments: { enabled: true } },
  });
  await chat.page.evaluate(() =>
    document
      .querySelector("openai-chatkit")
      ?.setComposerValue({ files: [new File(["hello"], "note.txt", { type: "text/plain" })] }),
  );
  await expect(chat.view.getByText("note.txt")).toBeVisible();
  await expect
    .poll(async () => (await backend.requests()).some(({ path }) => path === "/chatkit/attachments"))
    .toBe(true);
  const upload = (await backend.requests()).find(({ path }) => path === "/chatkit/attachments");
  expect(upload?.headers["content-type"]).toContain("multipart/form-data");
  await expect
    .poll(async () => (await chat.call("getComposerValue")) as { value: { attachments: unknown[] } })
    .toMatchObject({
      value: { attachments: [{ type: "file", name: "note.txt", mime_type: "text/plain" }] },
    });
});

test("F026 F027 sendCustomAction needs a thread, and carries the item", async ({ chat, backend }) => {
  await chat.open();
  expect(await chat.call("sendCustomAction", { type: "x" })).toMatchObject({ error: "IntegrationError" });
  expect(await backend.requests()).toEqual([]);
  await chat.say("widget");
  await chat.expectHeard("response.end");
  await chat.call("sendCustomAction", { type: "go", payload: { script: "say Done it" } });
  await expect(chat.answer("Done it")).toBeVisible();
  expect((await backend.requests("threads.custom_action"))[0]?.params).toMatchObject({
    action: { type: "go", payload: { script: "say Done it" } },
  });
});

test("F028 F120 fetchUpdates sees that the thread was locked meanwhile", async ({ chat, backend }) => {
  await chat.open();
  await chat.say("say Hi");
  await chat.expectHeard("response.end");
  const id = (await chat.heard("thread.change"))[0]?.detail.threadId as string;
  await backend.control(`lock?thread=${id}`);
  await chat.call("fetchUpdates");
  await expect(chat.composer).toHaveAttribute("aria-placeholder", "Paid in full");
  await expect(chat.composer).toBeDisabled();
});

test("F029 F132 history opens and closes once each, and not at all when it is off", async ({ chat }) => {
  await chat.open();
  await chat.call("showHistory");
  await chat.call("showHistory");
  await chat.call("hideHistory");
  await chat.call("hideHistory");
  expect((await chat.heard("history.open", "history.close")).map(({ name }) => name)).toEqual([
    "history.open",
    "history.close",
  ]);
  await chat.open({ history: { enabled: false } });
  expect(await chat.call("showHistory")).toMatchObject({ error: "IntegrationError" });
});

test("F033 a failure reaches the page as an Error with a stable name, before the end of the response", async ({
  chat,
}) => {
  await chat.open();
  await chat.say("error Out of order!");
  await chat.expectHeard("response.end");
  expect((await chat.heard("error"))[0]?.detail).toMatchObject({
    name: "StreamError",
    isError: true,
    message: "Out of order!",
  });
  expect((await chat.names()).slice(-2)).toEqual(["error", "response.end"]);
});

test("F034 nothing a person typed is in the diagnostics", async ({ chat }) => {
  await chat.open();
  await chat.say("say pomegranate");
  await chat.expectHeard("response.end");
  const logs = await chat.heard("log");
  expect(logs.length).toBeGreaterThan(2);
  expect(JSON.stringify(logs)).not.toContain("pomegranate");
});

test("F035 calls before the element is ready wait for it", async ({ chat }) => {
  await chat.goto();
  await chat.page.evaluate(
    async (options) => {
      await customElements.whenDefined("openai-chatkit");
      const element = document.querySelector("openai-chatkit");
      if (!element) return;
      window.listen(element);
      const sent = element.sendUserMessage({ text: "say Patience" });
      element.setOptions(options);
      await sent;
    },
    { api },
  );
  await expect(chat.answer("Patience")).toBeVisible();
});

test("F075 a deeplink in an answer reaches the page and goes nowhere", async ({ chat }) => {
  await chat.open();
  await chat.say("say [open](chatkit-link://document?title=A+B&page=4)");
  await chat.expectHeard("response.end");
  await chat.view.getByRole("link", { name: "open" }).click();
  await chat.expectHeard("deeplink");
  expect((await chat.heard("deeplink"))[0]?.detail).toEqual({
    name: "document",
    data: { title: "A B", page: "4" },
  });
});

test("focusComposer puts the caret into the field", async ({ chat }) => {
  await chat.open();
  expect(await chat.call("focusComposer")).toEqual({ value: undefined });
  await chat.page.keyboard.type("typed");
  await expect(chat.composer).toContainText("typed");
});
