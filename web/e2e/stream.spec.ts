import { expect, plainTest, test } from "./fixtures.ts";

test("a line that drops in the middle of an answer is taken up without gap or repeat", async ({
  chat,
  backend,
}) => {
  await chat.open();
  await chat.say("say one two three|gate g|say four five|gate h|say six");
  await expect(chat.answer("one two three")).toBeVisible();
  await backend.control("drop");
  await backend.open("g");
  await expect(chat.answer("one two three four five")).toBeVisible();
  await backend.open("h");
  await expect(chat.answer("one two three four five six")).toBeVisible();
  await chat.expectHeard("response.end");
  expect(await chat.names()).toEqual([
    "ready",
    "response.start",
    "thread.change",
    "message.sent",
    "response.end",
  ]);
  expect((await backend.requests("threads.resume")).length).toBeGreaterThan(0);
});

test("a reload in the middle of an answer continues it", async ({ chat, backend }) => {
  await chat.open();
  await chat.say("say first half|gate g|say second half");
  await expect(chat.answer("first half")).toBeVisible();
  const id = (await chat.heard("thread.change"))[0]?.detail.threadId as string;
  await chat.open({ initialThread: id });
  await expect(chat.answer("first half")).toBeVisible();
  await backend.open("g");
  await expect(chat.answer("first half second half")).toBeVisible();
  await chat.expectHeard("response.end");
  await chat.call("fetchUpdates");
  await expect(
    chat.view.getByText("second half", { exact: false }).filter({ visible: true }),
  ).not.toHaveCount(0);
  await expect(chat.view.locator("[part~='assistant-message']")).toHaveCount(1);
});

test("a second tab shows the same answer while it is written", async ({ chat, backend, context }) => {
  await chat.open();
  await chat.say("say here|gate g|say and there");
  await expect(chat.answer("here")).toBeVisible();
  const id = (await chat.heard("thread.change"))[0]?.detail.threadId as string;
  const other = await context.newPage();
  await other.goto(`${backend.url}/page/chat`);
  await other.evaluate((thread) => window.open_({ initialThread: thread }), id);
  const words = other.locator("[part~='assistant-message']");
  await expect(words).toContainText("here");
  await backend.open("g");
  await expect(words).toContainText("here and there");
  await expect(chat.answer("here and there")).toBeVisible();
  await other.close();
});

test("F040 Stop is a request, and the partial answer stays and is stored", async ({ chat, backend }) => {
  await chat.open();
  await chat.say("say so far so good|gate never");
  await expect(chat.answer("so far so good")).toBeVisible();
  await chat.view.getByRole("button", { name: /stop/i }).click();
  await chat.expectHeard("response.end");
  await expect(chat.answer("so far so good")).toBeVisible();
  expect(await backend.requests("threads.stop")).toHaveLength(1);
  await chat.call("fetchUpdates");
  await expect(chat.answer("so far so good")).toBeVisible();
  await chat.say("say next turn works");
  await expect(chat.answer("next turn works")).toBeVisible();
});

plainTest("F040 Stop hangs up on a server that knows no other way", async ({ chat, backend }) => {
  await chat.open();
  await chat.say("say so far|gate never");
  await expect(chat.answer("so far")).toBeVisible();
  await chat.view.getByRole("button", { name: /stop/i }).click();
  await chat.expectHeard("response.end");
  await expect(chat.answer("so far")).toBeVisible();
  await expect.poll(() => backend.control<string[]>("cancelled")).toHaveLength(1);
  expect(await backend.requests("threads.stop")).toEqual([]);
});

plainTest(
  "F039 a dropped line on a plain server ends in an error with Retry, and in one request",
  async ({ chat, backend }) => {
    await chat.open();
    await chat.say("say begun|gate g|say lost");
    await expect(chat.answer("begun")).toBeVisible();
    await backend.control("drop");
    await backend.open("g");
    await chat.expectHeard("error");
    expect((await chat.heard("error"))[0]?.detail.name).toBe("NetworkError");
    await expect(chat.view.getByRole("button", { name: /retry|again/i }).first()).toBeVisible();
    expect((await backend.requests()).map(({ type }) => type)).toEqual(["threads.create"]);
  },
);

test("F043 F042 a refused message stays as failed and can be sent again", async ({ chat, backend }) => {
  await chat.open();
  await backend.control("refuse?status=503");
  await chat.say("say At last");
  await chat.expectHeard("error");
  expect((await chat.heard("error"))[0]?.detail).toMatchObject({ name: "HttpError", code: "test.refused" });
  const again = chat.view.getByRole("button", { name: /retry|again/i }).first();
  await backend.control("refuse?status=503");
  await again.click();
  await chat.expectHeard("error", 2);
  await again.click();
  await expect(chat.answer("At last")).toBeVisible();
  await expect(chat.view.locator("[part~='user-message']")).toHaveCount(1);
  const bodies = (await backend.requests("threads.create")).map(({ params }) => params.input);
  expect(bodies).toEqual([bodies[0], bodies[0], bodies[0]]);
});

for (const [name, on] of [
  ["our own server", test],
  ["an openai-chatkit server", plainTest],
] as const) {
  on(
    `F059 F046 a client tool runs in the page and its result goes back, on ${name}`,
    async ({ chat, backend }) => {
      await chat.goto();
      await chat.page.evaluate(() => window.open_({ onClientTool: window.spy("tool") }));
      await chat.expectHeard("ready");
      await chat.say("tool get_time");
      await expect(chat.answer("The tool has answered.")).toBeVisible();
      expect(await chat.page.evaluate(() => window.called.tool)).toEqual([
        [{ name: "get_time", params: { zone: "UTC" } }],
      ]);
      expect((await backend.requests("threads.add_client_tool_output"))[0]?.params).toMatchObject({
        result: null,
      });
      await chat.expectHeard("response.end");
      expect((await chat.heard("response.start", "response.end")).length).toBe(2);
    },
  );

  on(`F048 F050 F051 F055 F058 items and events of the stream show, on ${name}`, async ({ chat }) => {
    await chat.open();
    await chat.say("widget|replace|remove|hidden|effect confetti|notice warning|title A fine title|say done");
    await expect(chat.answer("done")).toBeVisible();
    await expect(chat.view.getByText("A card")).toBeVisible();
    await expect(chat.answer("second version")).toBeVisible();
    await expect(chat.view.getByText("first version")).toHaveCount(0);
    await expect(chat.view.locator("[part~='assistant-message']", { hasText: "soon gone" })).toHaveCount(0);
    await expect(chat.view.getByText("hidden words")).toHaveCount(0);
    const texts = await chat.view.locator("[part~='assistant-message']").allInnerTexts();
    expect(texts.map((text) => text.trim())).toEqual(["second version", "after it", "done"]);
    expect((await chat.heard("effect"))[0]?.detail).toEqual({ name: "confetti", data: { by: "server" } });
    await expect(chat.view.getByRole("link", { name: "the page" })).toHaveAttribute("rel", /noopener/);
    await expect(chat.view.getByText("A fine title").first()).toBeVisible();
  });

  on(
    `F141 F142 F143 widget actions go to the server, the page and the single request, on ${name}`,
    async ({ chat, backend }) => {
      await chat.goto();
      await chat.page.evaluate(() => window.open_({ widgets: { onAction: window.spy("action") } }));
      await chat.expectHeard("ready");
      await chat.say("widget");
      await chat.expectHeard("response.end");
      await chat.view.getByRole("button", { name: "Page" }).click();
      await expect.poll(() => chat.page.evaluate(() => window.called.action?.length)).toBe(1);
      expect(await chat.page.evaluate(() => window.called.action?.[0]?.[0])).toEqual({
        type: "page",
        payload: { n: 1 },
      });
      await chat.view.getByRole("button", { name: "Stream" }).click();
      await expect(chat.answer("Streamed")).toBeVisible();
      expect((await backend.requests("threads.custom_action"))[0]?.params.action).toEqual({
        type: "go",
        payload: { script: "say Streamed" },
      });
      await chat.view.getByRole("button", { name: "Sync" }).click();
      await expect(chat.view.getByText("Updated by sync")).toBeVisible();
    },
  );
}

test("F041 F056 an error says whether it can be tried again", async ({ chat }) => {
  await chat.open();
  await chat.say("error Never mind");
  await expect(chat.view.getByText("Never mind").last()).toBeVisible();
  await expect(chat.view.getByRole("button", { name: /^(retry|try again)/i })).toHaveCount(0);
});
