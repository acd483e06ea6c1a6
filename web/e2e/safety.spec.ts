import { expect, test } from "./fixtures.ts";

test("F169 F170 a whole conversation under a strict policy with Trusted Types, without a violation", async ({
  chat,
}) => {
  await chat.open({}, "/page/chat?strict");
  await chat.say("say **bold** and `code` and $$x^2$$ then|widget|notice info|say ```js\nconst a = 1\n```");
  await chat.expectHeard("response.end");
  await expect(chat.view.getByText("A card")).toBeVisible();
  await chat.call("showHistory");
  await expect(
    chat.view
      .getByRole("textbox", { name: /search/i })
      .or(chat.view.getByText(/today/i))
      .first(),
  ).toBeVisible();
  await chat.call("hideHistory");
  await chat.page.evaluate((options) => document.querySelector("openai-chatkit")?.setOptions(options), {
    api: { url: "/chatkit", domainKey: "x" },
    theme: { colorScheme: "dark" as const, color: { accent: { primary: "#ff0066", level: 2 as const } } },
    locale: "de" as const,
  });
  await chat.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  expect(await chat.page.evaluate(() => window.violations)).toEqual([]);
});

test("works in a cross-origin isolated page", async ({ chat }) => {
  await chat.open({}, "/page/chat?isolated");
  expect(await chat.page.evaluate(() => crossOriginIsolated)).toBe(true);
  await chat.say("say isolated");
  await expect(chat.answer("isolated")).toBeVisible();
});

test("works when the page may store nothing", async ({ chat }) => {
  await chat.page.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException("denied", "SecurityError");
        },
      });
    }
  });
  await chat.open();
  await chat.say("say nothing kept");
  await expect(chat.answer("nothing kept")).toBeVisible();
});

test("F072 F073 hostile Markdown of a model does nothing", async ({ chat }) => {
  await chat.open();
  await chat.say(
    'say <img src=x onerror="document.title=1"> [a](javascript:document.title=2) <script>document.title=3</script> end',
  );
  await expect(chat.answer("end")).toBeVisible();
  expect(await chat.page.title()).toBe("Chat");
  await expect(
    chat.view.locator("[part~='assistant-message'] img, [part~='assistant-message'] script"),
  ).toHaveCount(0);
  await expect(chat.view.locator('a[href^="javascript"]')).toHaveCount(0);
});
