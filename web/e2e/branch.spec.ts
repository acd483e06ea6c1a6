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

  const versions = chat.view.getByRole("group", { name: "Versions" });
  await expect(versions).toHaveText("2/2");
  await versions.getByRole("button", { name: "Previous version" }).click();
  await expect(chat.answer("second answer")).toBeVisible();
  await expect(versions).toHaveText("1/2");
  await expect(versions.getByRole("button", { name: "Previous version" })).toBeDisabled();
  await versions.getByRole("button", { name: "Next version" }).click();
  await expect(chat.answer("another answer")).toBeVisible();
});

test("each message that was edited leads through its own versions, in every thread it is copied to", async ({
  chat,
}) => {
  await chat.open();
  for (const [count, words] of ["say one", "say two"].entries()) {
    await chat.say(words);
    await chat.expectHeard("response.end", count + 1);
  }
  const edit = async (which: string, words: string, ended: number): Promise<void> => {
    const message = chat.view.locator("[part~='user-message']").filter({ hasText: which });
    await message.hover();
    await message.getByRole("button", { name: "Edit message" }).click();
    await chat.view.getByRole("textbox", { name: "Edit message" }).fill(words);
    await chat.view.getByRole("button", { name: "Send", exact: true }).click();
    await chat.expectHeard("response.end", ended);
    await expect(chat.answer(words.replace("say ", ""))).toBeVisible();
  };
  await edit("say one", "say uno", 3);
  await chat.say("say deux");
  await chat.expectHeard("response.end", 4);
  await edit("say deux", "say zwei", 5);
  const of = (text: string) =>
    chat.view
      .locator("[part~='user-message']")
      .filter({ hasText: text })
      .getByRole("group", { name: "Versions" });
  await expect(of("say uno")).toHaveText("2/2");
  await expect(of("say zwei")).toHaveText("2/2");
  await of("say uno").getByRole("button", { name: "Previous version" }).click();
  await expect(chat.answer("two")).toBeVisible();
  await expect(of("say one")).toHaveText("1/2");
  await expect(of("say two")).toHaveCount(0);
});
