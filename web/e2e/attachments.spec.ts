import { type ChatPage, expect, test } from "./fixtures.ts";

const direct = { type: "direct", uploadUrl: "/chatkit/attachments" };
const twoPhase = { type: "two_phase" };

/** A picture of 2 × 1 pixels. */
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGO4kODgkHABAAoXAuG2TNfmAAAAAElFTkSuQmCC",
  "base64",
);

async function open(chat: ChatPage, uploadStrategy: object, limits: object = {}): Promise<void> {
  const api = { url: "/chatkit", domainKey: "local", uploadStrategy };
  await chat.open({ api, composer: { attachments: { enabled: true, ...limits } } }, "/page/chat?strict");
}

/** By the button and the browser's own dialog, as a person does it. */
async function pick(
  chat: ChatPage,
  ...files: { name: string; mimeType: string; buffer: Buffer }[]
): Promise<void> {
  const chooser = chat.page.waitForEvent("filechooser");
  await chat.page.getByRole("button", { name: "Add and tools" }).click();
  await chat.page.getByRole("menuitem", { name: "Attach files" }).click();
  await (await chooser).setFiles(files);
}

const note = (name = "note.txt") => ({ name, mimeType: "text/plain", buffer: Buffer.from("hello") });
const tile = (chat: ChatPage, name: string) => chat.view.getByRole("listitem").filter({ hasText: name });

/** Holds requests to that address until the test lets them go, in one of two ways. */
async function hold(chat: ChatPage, url: RegExp): Promise<{ go(): void; fail(): void }> {
  let decide: (what: "go" | "fail") => void = () => undefined;
  const decided = new Promise<"go" | "fail">((resolve) => {
    decide = resolve;
  });
  await chat.page.route(url, async (route) => {
    const what = await decided;
    await (what === "go" ? route.continue() : route.fulfill({ status: 507, body: "full" })).catch(
      () => undefined,
    );
  });
  return { go: () => decide("go"), fail: () => decide("fail") };
}

for (const [name, strategy] of [
  ["direct", direct],
  ["two_phase", twoPhase],
] as const) {
  test(`F107 F108 F113 a picture goes up by ${name}, with the message, and is there after a reload`, async ({
    chat,
    backend,
  }) => {
    await open(chat, strategy);
    const held = await hold(chat, name === "direct" ? /\/chatkit\/attachments$/ : /\/chatkit\/attachments\//);
    await pick(chat, { name: "tram.png", mimeType: "image/png", buffer: PICTURE });
    await expect(chat.view.getByRole("img", { name: "tram.png", exact: true })).toBeVisible();
    await expect(chat.view.getByLabel("Uploading tram.png")).toBeVisible();
    await chat.composer.fill("say nice picture");
    await expect(chat.view.getByRole("button", { name: "Send message" })).toBeDisabled();
    held.go();
    await expect(chat.view.getByLabel("Uploading tram.png")).toHaveCount(0);
    await chat.view.getByRole("button", { name: "Send message" }).click();
    await expect(chat.answer("nice picture")).toBeVisible();
    const [request] = await backend.requests("threads.create");
    expect(request?.params.input.attachments).toHaveLength(1);
    const created = await backend.requests("attachments.create");
    expect(created.map(({ params }) => params)).toEqual(
      name === "direct" ? [] : [{ name: "tram.png", size: PICTURE.length, mime_type: "image/png" }],
    );
    const shown = chat.view
      .locator("[part~='user-message']")
      .getByRole("img", { name: "tram.png", exact: true });
    await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(2);
    expect(await chat.page.evaluate(() => window.violations)).toEqual([]);
    const thread = (await chat.heard("thread.change"))[0]?.detail.threadId;
    await open(chat, strategy);
    await chat.call("setThreadId", thread);
    await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(2);
  });

  test(`F112 an upload by ${name} that fails says why, blocks sending, and works when it is tried again`, async ({
    chat,
  }) => {
    await open(chat, strategy);
    const url = name === "direct" ? /\/chatkit\/attachments$/ : /\/chatkit\/attachments\//;
    const held = await hold(chat, url);
    await pick(chat, note());
    held.fail();
    const again = chat.view.getByRole("button", { name: "Try uploading note.txt again" });
    await expect(again).toBeVisible();
    await expect.poll(async () => (await chat.heard("error"))[0]?.detail.name).toBe("UploadError");
    await chat.composer.fill("say sent");
    await expect(chat.view.getByRole("button", { name: "Send message" })).toBeDisabled();
    await chat.page.unroute(url);
    await again.click();
    await expect(chat.view.getByRole("button", { name: "Send message" })).toBeEnabled();
    await chat.composer.press("Enter");
    await expect(chat.answer("sent")).toBeVisible();
    await expect(chat.view.locator("[part~='user-message']")).toContainText("note.txt");
  });
}

test("F110 removing a file cancels its upload, or deletes what was uploaded", async ({ chat, backend }) => {
  await open(chat, direct);
  const held = await hold(chat, /\/chatkit\/attachments$/);
  const asked = chat.page.waitForRequest("**/chatkit/attachments");
  const cancelled = chat.page.waitForEvent("requestfailed", (request) =>
    request.url().endsWith("/attachments"),
  );
  await pick(chat, note("slow.txt"));
  await asked;
  await chat.view.getByRole("button", { name: "Remove slow.txt" }).click();
  await expect(tile(chat, "slow.txt")).toHaveCount(0);
  await cancelled;
  held.go();
  await chat.page.unroute(/\/chatkit\/attachments$/);
  expect(await backend.requests("attachments.delete")).toEqual([]);
  await pick(chat, note("kept.txt"));
  await expect(tile(chat, "kept.txt")).toBeVisible();
  await expect(chat.view.getByLabel("Uploading kept.txt")).toHaveCount(0);
  const value = (await chat.call("getComposerValue")) as { value: { attachments: { id: string }[] } };
  await chat.view.getByRole("button", { name: "Remove kept.txt" }).click();
  await expect
    .poll(async () => (await backend.requests("attachments.delete")).map(({ params }) => params))
    .toEqual([{ attachment_id: value.value.attachments[0]?.id }]);
  expect(await chat.heard("error")).toEqual([]);
});

test("F111 pasted and dropped files go up like picked ones", async ({ chat, backend }) => {
  await open(chat, direct);
  await chat.composer.click();
  await chat.view.evaluate((element) => {
    const root = element.shadowRoot;
    const data = (name: string): DataTransfer => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["x"], name, { type: "text/plain" }));
      return transfer;
    };
    const options = { bubbles: true, cancelable: true };
    root
      ?.querySelector("[data-ck-editor]")
      ?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data("pasted.txt"), ...options }));
    const start = root?.querySelector("[part~='start-screen']");
    for (const type of ["dragenter", "dragover", "drop"])
      start?.dispatchEvent(new DragEvent(type, { dataTransfer: data("dropped.txt"), ...options }));
  });
  await expect(tile(chat, "pasted.txt")).toBeVisible();
  await expect(tile(chat, "dropped.txt")).toBeVisible();
  await chat.composer.fill("say both");
  // Enter sends nothing while a file is on its way.
  await expect(chat.view.getByRole("button", { name: "Send message" })).toBeEnabled();
  await chat.composer.press("Enter");
  await expect(chat.answer("both")).toBeVisible();
  expect((await backend.requests("threads.create"))[0]?.params.input.attachments).toHaveLength(2);
});

test("F104 F105 F106 limits of count, kind and size refuse with words and an error, and nothing is sent", async ({
  chat,
  backend,
}) => {
  await chat.open();
  await chat.page.getByRole("button", { name: "Send message" }).waitFor();
  await expect(chat.page.getByRole("button", { name: "Add and tools" })).toHaveCount(0);
  await open(chat, direct, {
    maxCount: 2,
    maxSize: { "image/*": 10, "*": 1000 },
    accept: { "text/plain": [".txt"], "image/png": [".png"] },
  });
  const refused = async (
    words: RegExp,
    file: { name: string; mimeType: string; buffer: Buffer },
  ): Promise<void> => {
    await pick(chat, file);
    await expect(chat.view.getByText(words)).toBeVisible();
  };
  await refused(/“tram.png” is larger than/, { name: "tram.png", mimeType: "image/png", buffer: PICTURE });
  await refused(/“long.txt” is larger than/, { ...note("long.txt"), buffer: Buffer.alloc(1001) });
  await refused(/“a.zip” is a kind of file/, { ...note("a.zip"), mimeType: "application/zip" });
  expect((await backend.requests()).map(({ path }) => path)).toEqual([]);
  await pick(chat, note("1.txt"), note("2.txt"), note("3.txt"));
  await expect(chat.view.getByText(/At most 2 files/)).toBeVisible();
  await expect(chat.view.getByRole("list", { name: "Attachments" }).getByRole("listitem")).toHaveCount(2);
  expect((await chat.heard("error")).length).toBeGreaterThanOrEqual(4);
});
