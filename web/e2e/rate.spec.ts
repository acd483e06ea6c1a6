import { expect, test } from "./fixtures.ts";

test("one message too many is told in friendly words, is not lost, and goes through when it may", async ({
  chat,
  backend,
}) => {
  await chat.open();
  await chat.say("say first");
  await chat.expectHeard("response.end");
  await backend.control("rate?times=0");
  await chat.say("say second");
  const notice = chat.view.getByText(/Too many requests/);
  await expect(notice.first()).toBeVisible();
  await expect(chat.view.getByText("say second")).toBeVisible();
  await backend.control("rate?times=1000000");
  await chat.view
    .getByRole("button", { name: /retry|try again|send again/i })
    .first()
    .click();
  await expect(chat.answer("second")).toBeVisible();
  await expect(notice).toHaveCount(0);
});
