import { expect, test } from "./fixture.ts";

// A microphone of the browser's own that beeps, and a permission that is given.
test.use({
  permissions: ["microphone"],
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
    ],
  },
});

test("F114 what was said is sent with its raw type, and its words come in at the caret", async ({
  page,
  screens,
}) => {
  await screens.open("composing");
  await screens.editor.click();
  await page.keyboard.type("Say  please");
  for (let step = 0; step < " please".length; step += 1) await page.keyboard.press("ArrowLeft");
  await page.getByRole("button", { name: "Dictate" }).click();
  const bars = page.locator(".ck-meter > span");
  await expect(bars.first()).toBeVisible();
  const loudest = (): Promise<number> =>
    bars.evaluateAll((all) =>
      Math.max(...all.map((bar) => Number((bar as HTMLElement).style.getPropertyValue("--level")))),
    );
  await expect.poll(loudest).toBeGreaterThan(0.1);
  await page.getByRole("button", { name: "Use dictation" }).click();
  await expect.poll(() => screens.calls("transcribe")).toHaveLength(1);
  expect((await screens.calls("transcribe"))[0]?.args[1]).toBe("audio/webm;codecs=opus");
  await expect(screens.editor).toHaveText("Say the words please");
  expect(await screens.calls("submitDraft")).toHaveLength(0);
});

test("F114 a cancelled dictation sends nothing and lets go of the microphone", async ({ page, screens }) => {
  await screens.open("composing");
  await page.evaluate(() => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await ask(wanted);
      Object.assign(globalThis, { stream });
      return stream;
    };
  });
  await page.getByRole("button", { name: "Dictate" }).click();
  await page.waitForFunction(() => "stream" in globalThis);
  await page.getByRole("button", { name: "Cancel dictation" }).click();
  const ended = (): Promise<boolean> =>
    page.evaluate(() =>
      (globalThis as unknown as { stream: MediaStream }).stream
        .getTracks()
        .every((track) => track.readyState === "ended"),
    );
  await expect.poll(ended).toBe(true);
  expect(await screens.calls("transcribe")).toHaveLength(0);
});
