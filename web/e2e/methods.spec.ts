import { expect, test } from "./fixtures.ts";

const api = { url: "/chatkit", domainKey: "local" };

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
  // An action of the page is refused for as long as an answer is written.
  await chat.expectHeard("response.end", 2);
  await chat.view.getByRole("button", { name: "Page" }).click();
  await expect(chat.answer("Action follow")).toBeVisible();
  await expect
    .poll(() => chat.page.evaluate(() => (window as unknown as { results: string[] }).results))
    .toEqual(["ready", "end", "action"]);
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
