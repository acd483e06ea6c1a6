import { expect, test } from "./fixtures.ts";

test("an edited message goes on in a branch, and the old one can be reached again", async ({
  chat,
  backend,
}) => {
  await chat.open();
  await chat.say("say first answer");
  await chat.expectHeard("response.end");
  await chat.say("say second answer");
  await chat.expectHeard("response.end", 2);
  const first = (await chat.heard("thread.change"))[0]?.detail.threadId as string;

  await chat.view.locator("[part~='user-message']").last().hover();
  await chat.view.getByRole("button", { name: /edit/i }).last().click();
  const field = chat.view.getByRole("textbox", { name: /edit/i });
  await field.fill("say another answer");
  await chat.view
    .getByRole("button", { name: /^(send|save)/i })
    .first()
    .click();

  await expect(chat.answer("another answer")).toBeVisible();
  await chat.expectHeard("response.end", 3);
  expect((await backend.requests("threads.edit_message"))[0]?.params).toMatchObject({
    thread_id: first,
    input: { content: [{ text: "say another answer" }] },
  });
  const branch = (await chat.heard("thread.change")).at(-1)?.detail.threadId as string;
  expect(branch).not.toBe(first);
  await expect(chat.answer("first answer")).toBeVisible();
  await expect(chat.answer("second answer")).toHaveCount(0);

  await chat.call("setThreadId", first);
  await expect(chat.answer("second answer")).toBeVisible();
});
