import { type ChatPage, expect, test } from "./fixtures.ts";

/** What another tab or device does in that thread meanwhile. */
async function elsewhere(chat: ChatPage, threadId: string, text: string): Promise<void> {
  const input = { content: [{ type: "input_text", text }], attachments: [], inference_options: {} };
  const response = await fetch(`${chat.backend.url}/chatkit`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type: "threads.add_user_message", params: { thread_id: threadId, input } }),
  });
  await response.text();
}

async function threadOf(chat: ChatPage): Promise<string> {
  return (await chat.heard("thread.change"))[0]?.detail.threadId;
}

test("a page that comes back into view shows what another tab did, once", async ({ chat }) => {
  await chat.open();
  await chat.say("say here");
  await chat.expectHeard("response.end");
  await elsewhere(chat, await threadOf(chat), "say from afar");
  await chat.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await expect(chat.answer("from afar")).toBeVisible();
  await chat.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await expect(chat.view.locator("[part~='user-message']")).toHaveCount(2);
  expect(await chat.names()).not.toContain("error");
});

test("an answer goes on where it was when the network comes back", async ({ chat, backend, context }) => {
  await chat.open();
  await chat.say("say one|gate away|say two|gate back|say three");
  await expect(chat.answer("one")).toBeVisible();
  await context.setOffline(true);
  await backend.open("away");
  await context.setOffline(false);
  await expect(chat.answer("one two")).toBeVisible();
  await backend.open("back");
  await expect(chat.answer("one two three")).toBeVisible();
  await chat.expectHeard("response.end");
  expect(await chat.names()).not.toContain("error");
});

test("an answer that ended while the network was gone for minutes is there when it is back, without its error", async ({
  chat,
  backend,
  context,
}) => {
  await chat.page.clock.install();
  await chat.goto();
  await chat.page.evaluate(() => window.open_());
  await chat.page.clock.runFor(1000);
  await chat.expectHeard("ready");
  await chat.say("say one|gate away|say two");
  await chat.page.clock.runFor(500);
  await expect(chat.answer("one")).toBeVisible();
  await context.setOffline(true);
  // Lines that are open are cut by the machine that sleeps; here the server cuts this one.
  await backend.control("drop");
  await backend.open("away");
  // All attempts of half a minute go by.
  await expect
    .poll(
      async () => {
        await chat.page.clock.runFor(9000);
        return chat.names();
      },
      { intervals: [100] },
    )
    .toContain("response.end");
  await expect(chat.view.getByRole("button", { name: "Retry" })).toBeVisible();
  await context.setOffline(false);
  await expect
    .poll(async () => {
      await chat.page.clock.runFor(500);
      return chat.answer("one two").isVisible();
    })
    .toBe(true);
  await expect(chat.view.getByRole("button", { name: "Retry" })).toHaveCount(0);
});
