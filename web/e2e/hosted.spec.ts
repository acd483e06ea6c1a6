import { test as base } from "@playwright/test";
import { Backend, ChatPage, expect, letGo } from "./fixtures.ts";

const test = base.extend<{ chat: ChatPage }, { backend: Backend }>({
  backend: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
    async ({}, use) => {
      const backend = await Backend.start("hosted");
      await use(backend);
      await backend.stop();
    },
    { scope: "worker" },
  ],
  chat: async ({ page, backend }, use) => {
    await backend.control("reset");
    await use(new ChatPage(page, backend));
    await letGo(page);
  },
});

/** The page is another site than the chat server, and its code is what it was for the hosted service. */
async function open(chat: ChatPage, options: object = {}): Promise<void> {
  await chat.page.goto(`${chat.backend.url.replace("127.0.0.1", "localhost")}/hosted`);
  await chat.page.evaluate(async (more) => {
    const element = document.querySelector("openai-chatkit");
    if (!element) throw new Error("no element");
    window.listen(element);
    await customElements.whenDefined("openai-chatkit");
    element.setOptions({
      api: {
        getClientSecret: async (current: string | null) => {
          window.called.secret = [...(window.called.secret ?? []), [current]];
          const wrong = window.called.wrong?.pop();
          if (wrong) return String(wrong[0]);
          const answer = await fetch("/api/chatkit/session", { method: "POST" });
          return (await answer.json()).client_secret;
        },
      },
      ...more,
    });
  }, options);
  await chat.expectHeard("ready");
}

const secrets = (chat: ChatPage): Promise<unknown[][]> =>
  chat.page.evaluate(() => window.called.secret ?? []);

test("a page of the hosted service works with two addresses changed, and renews its secret when that has expired", async ({
  chat,
  backend,
}) => {
  await open(chat, { composer: { attachments: { enabled: true } } });
  await chat.say("say first answer");
  await expect(chat.answer("first answer")).toBeVisible();
  await chat.expectHeard("response.end");
  const [[initial] = []] = await secrets(chat);
  expect(initial).toBeNull();
  expect(await secrets(chat)).toHaveLength(1);
  const sent = (await backend.requests("threads.create"))[0];
  expect(sent?.headers.authorization).toMatch(/^Bearer ek_/);

  await backend.control("later?seconds=601");
  await chat.say("say second answer");
  await expect(chat.answer("second answer")).toBeVisible();
  expect(await secrets(chat)).toEqual([[null], [expect.stringMatching(/^ek_/)]]);

  // Files go by the server's own strategy, and with the secret.
  await chat.page.evaluate(() =>
    document
      .querySelector("openai-chatkit")
      ?.setComposerValue({ files: [new File(["a note"], "note.txt", { type: "text/plain" })] }),
  );
  await expect(chat.view.getByText("note.txt")).toBeVisible();
  await chat.say("say third answer");
  await expect(chat.answer("third answer")).toBeVisible();
  const last = (await backend.requests("threads.add_user_message")).at(-1);
  expect(last?.params.input.attachments).toHaveLength(1);
  expect((await chat.heard("error")).length).toBe(0);
});

test("a secret that is refused is asked for once more, and a page without a good one says so", async ({
  chat,
}) => {
  await open(chat);
  // The page has its first secret for certain before the clock moves.
  await chat.say("say first answer");
  await chat.expectHeard("response.end");
  await chat.page.evaluate(() => {
    window.called.wrong = Array(20).fill(["ek_forged.00"]);
  });
  await chat.backend.control("later?seconds=601");
  // Renewals give a forged secret, whichever request asks first: it fails as the server says, and the chat goes on living.
  await chat.say("say never");
  await chat.expectHeard("error");
  const [error] = await chat.heard("error");
  expect(error?.detail).toMatchObject({ name: "HttpError", isError: true });
  await chat.page.evaluate(() => {
    window.called.wrong = [];
  });
  await chat.view
    .getByRole("button", { name: /retry|try again|send again/i })
    .first()
    .click();
  await expect(chat.answer("never")).toBeVisible();
});

test("a page that cannot get a secret hears at once why", async ({ chat }) => {
  await chat.page.route("**/api/chatkit/session", (route) => route.fulfill({ status: 500, body: "down" }));
  await open(chat);
  await chat.expectHeard("error");
  const [error] = await chat.heard("error");
  expect(error?.detail).toMatchObject({ name: "IntegrationError", code: "client_secret.failed" });
});
