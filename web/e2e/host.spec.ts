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

for (const [first, steps, last] of [
  ["two frames", ["frame", "frame", "49 ms"], "1 ms"],
  ["50 ms", ["100 ms", "frame"], "frame"],
] as const) {
  test(`F007 nothing is heard before two frames and 50 ms, though ${first} come first`, async ({ chat }) => {
    // Frames and time go on as the test says: a busy machine may draw late.
    const { page } = chat;
    await page.clock.install({ time: 0 });
    await chat.goto();
    await page.clock.pauseAt(3_600_000);
    await page.evaluate(
      async (options) => {
        await customElements.whenDefined("openai-chatkit");
        const frames: FrameRequestCallback[] = [];
        window.requestAnimationFrame = (callback) => frames.push(callback);
        Object.assign(window, { frames });
        const element = document.querySelector("openai-chatkit");
        if (!element) throw new Error("no element");
        window.listen(element);
        element.setOptions(options);
      },
      { api },
    );
    const frame = (): Promise<void> =>
      page.evaluate(() => {
        const { frames } = window as unknown as { frames: FrameRequestCallback[] };
        for (const callback of frames.splice(0)) callback(performance.now());
      });
    const go = (step: string): Promise<void> =>
      step === "frame" ? frame() : page.clock.runFor(Number.parseInt(step, 10));
    for (const step of steps) await go(step);
    expect(await page.evaluate(() => window.heard)).toEqual([]);
    await go(last);
    await chat.expectHeard("ready");
  });
}

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
