import { expect, test } from "./fixtures.ts";

declare global {
  interface Window {
    seen: { name: string; detail: unknown }[];
    reactVersion: string;
    // biome-ignore lint/suspicious/noExplicitAny: the wrapper's own object
    chatkit: any;
    setTheme(theme: string): void;
    setCount(count: number): void;
  }
}

for (const version of ["18", "19"]) {
  for (const when of ["early", "late"]) {
    test(`F009 F003 F006 F008 the unmodified wrapper on React ${version} in StrictMode, script ${when}`, async ({
      chat,
      backend,
    }) => {
      await chat.goto(`/page/react${version}-${when}?${when}`);
      const seen = (name: string) =>
        chat.page.evaluate((wanted) => window.seen.filter((one) => one.name === wanted), name);
      await expect.poll(async () => (await seen("ready")).length).toBe(1);
      expect(await chat.page.evaluate(() => window.reactVersion)).toMatch(new RegExp(`^${version}\\.`));

      const box = await chat.view.boundingBox();
      expect([box?.width, box?.height]).toEqual([480, 500]);

      await chat.say("say Hello React|effect sparkle|tool get_time");
      await expect(chat.answer("The tool has answered.")).toBeVisible();
      await expect.poll(async () => (await seen("response.end")).length).toBe(1);
      expect((await seen("effect"))[0]?.detail).toMatchObject({ name: "sparkle" });
      expect((await seen("thread.change")).length).toBe(1);
      expect((await backend.requests("threads.create")).length).toBe(1);

      // The newest closure is called, and options that only changed a function make no new options.
      await chat.page.evaluate(() => window.setCount(7));
      await chat.page.evaluate(() => window.chatkit.sendUserMessage({ text: "tool again" }));
      await expect
        .poll(async () => (await backend.requests("threads.add_client_tool_output")).at(-1)?.params.result)
        .toEqual({ name: "again", count: 7 });

      await chat.page.evaluate(() => window.setTheme("dark"));
      await expect
        .poll(() => chat.view.evaluate((element) => getComputedStyle(element).colorScheme))
        .toBe("dark");
      await chat.page.evaluate(() => window.chatkit.showHistory());
      await chat.page.evaluate(() => window.chatkit.hideHistory());
      expect(await seen("error")).toEqual([]);
    });
  }
}
