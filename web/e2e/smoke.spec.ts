import { expect, plainTest, test } from "./fixtures.ts";

test("a message is answered by our own server", async ({ chat }) => {
  await chat.open();
  await chat.say("say Hello there");
  await expect(chat.answer("Hello there")).toBeVisible();
  await chat.expectHeard("response.end");
  expect(await chat.names()).toEqual([
    "ready",
    "response.start",
    "thread.change",
    "message.sent",
    "response.end",
  ]);
});

plainTest(
  "a message is answered by an unmodified openai-chatkit server, without our own requests",
  async ({ chat, backend }) => {
    await chat.open();
    await chat.say("say Hello there|title Greeting");
    await expect(chat.answer("Hello there")).toBeVisible();
    await chat.expectHeard("response.end");
    await chat.page.reload();
    const types = (await backend.requests()).map(({ type }) => type);
    expect(types).toEqual(["threads.create"]);
    expect((await backend.requests())[0]?.params).not.toHaveProperty("client_request_id");
  },
);
