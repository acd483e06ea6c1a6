import { expect, test } from "./fixture.ts";

test("F095 Enter sends, Shift+Enter breaks the line, and text goes out as typed", async ({
  page,
  screens,
}) => {
  await screens.open("composing");
  await screens.editor.click();
  await page.keyboard.type("one **two**");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("three");
  await page.keyboard.press("Enter");
  const drafts = await screens.calls("setDraft");
  expect(drafts.at(-1)?.args[0]).toEqual([{ type: "input_text", text: "one **two**\nthree" }]);
  expect(await screens.calls("submitDraft")).toHaveLength(1);
});

test("F066 empty lines of typed and of pasted text are counted once", async ({ page, screens }) => {
  await screens.open("composing");
  await screens.editor.click();
  await page.keyboard.type("one");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("two");
  const sent = async (): Promise<unknown> => (await screens.calls("setDraft")).at(-1)?.args[0];
  expect(await sent()).toEqual([{ type: "input_text", text: "one\n\ntwo" }]);
  await page.keyboard.press("ControlOrMeta+a");
  const pasted = "first\n\n\n  second\n- third";
  await screens.editor.evaluate((field, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    field.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, pasted);
  expect(await sent()).toEqual([{ type: "input_text", text: pasted }]);
});

for (const [language, steps, done] of [
  ["Japanese", ["n", "に", "にほ", "にほん", "日本"], "日本"],
  ["Korean", ["ㅎ", "하", "한"], "한"],
  ["Chinese", ["n", "ni", "ni hao"], "你好"],
] as const) {
  test(`F095 the Enter that ends a ${language} composition does not send, the next one does`, async ({
    page,
    screens,
  }) => {
    await screens.open("composing");
    await screens.editor.click();
    await page.keyboard.type("a");
    const client = await page.context().newCDPSession(page);
    for (const text of steps)
      await client.send("Input.imeSetComposition", {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    await page.keyboard.press("Enter");
    expect(await screens.calls("submitDraft")).toHaveLength(0);
    await client.send("Input.insertText", { text: done });
    await expect(screens.editor).toHaveText(`a${done}`);
    await page.keyboard.press("Enter");
    expect(await screens.calls("submitDraft")).toHaveLength(1);
    expect((await screens.calls("setDraft")).at(-1)?.args[0]).toEqual([
      { type: "input_text", text: `a${done}` },
    ]);
  });
}

test("F095 Safari's Enter, which comes after the end of the composition, does not send", async ({
  page,
  screens,
}) => {
  await screens.open("composing");
  await screens.editor.click();
  await page.keyboard.type("日本");
  const enter = (keyCode: number): Promise<boolean> =>
    screens.editor.evaluate((field, code) => {
      field.dispatchEvent(new CompositionEvent("compositionend", { data: "日本", bubbles: true }));
      const key = new KeyboardEvent("keydown", {
        key: "Enter",
        keyCode: code,
        bubbles: true,
        cancelable: true,
      });
      return !field.dispatchEvent(key);
    }, keyCode);
  expect(await enter(229)).toBe(true);
  expect(await screens.calls("submitDraft")).toHaveLength(0);
  await enter(13);
  expect(await screens.calls("submitDraft")).toHaveLength(1);
});

test("F095 a composition that is taken back to nothing leaves the input method its field", async ({
  page,
  screens,
}) => {
  await screens.open("composing");
  await screens.editor.click();
  const client = await page.context().newCDPSession(page);
  const compose = (text: string): Promise<unknown> =>
    client.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  await compose("に");
  await compose("");
  await compose("ほ");
  await client.send("Input.insertText", { text: "本" });
  await expect(screens.editor).toHaveText("本");
  await page.keyboard.press("Enter");
  expect((await screens.calls("setDraft")).at(-1)?.args[0]).toEqual([{ type: "input_text", text: "本" }]);
});

test("F100 F101 a mention is found, chosen by keyboard, and removed whole", async ({ page, screens }) => {
  await screens.open("composing");
  await screens.editor.click();
  await page.keyboard.type("Ask @");
  const rows = page.getByRole("option");
  await expect(rows).toHaveText(["Ana Sousa", "Anders Holm", "Bea Kranz"]);
  await expect(page.locator(".ck-suggestions-group")).toHaveText(["A", "B"]);
  await page.keyboard.press("ArrowDown");
  await expect(rows.nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page.locator(".ck-pill")).toHaveText("Anders Holm");
  expect(await screens.calls("submitDraft")).toHaveLength(0);
  const tag = {
    type: "input_tag",
    id: ":Anders Holm",
    text: "Anders Holm",
    data: {},
    interactive: false,
    group: "A",
  };
  expect((await screens.calls("setDraft")).at(-1)?.args[0]).toEqual([
    { type: "input_text", text: "Ask " },
    tag,
    { type: "input_text", text: " " },
  ]);
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Backspace");
  await expect(page.locator(".ck-pill")).toHaveCount(0);
  await expect(screens.editor).toHaveText("Ask ");
});

test("F100 an answer to an earlier question is dropped when it comes late", async ({ page, screens }) => {
  await screens.open("composing");
  await screens.editor.click();
  await page.keyboard.type("@");
  await expect(page.getByRole("option")).toHaveCount(3);
  await page.keyboard.type("a");
  await expect.poll(() => screens.asked()).toContain("a");
  await page.keyboard.type("nd");
  await expect(page.getByRole("option")).toHaveText(["Anders Holm"]);
  await expect.poll(() => screens.answered()).toContain("a");
  await expect(page.getByRole("option")).toHaveText(["Anders Holm"]);
});

test("F100 Escape closes the menu, and it stays closed for that word", async ({ page, screens }) => {
  await screens.open("composing");
  await screens.editor.click();
  await page.keyboard.type("@");
  await expect(page.getByRole("listbox")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.type("b");
  await expect(page.getByRole("listbox")).toHaveCount(0);
});

test("F102 the @ button writes an @ and opens the menu", async ({ page, screens }) => {
  await screens.open("composing");
  await page.getByRole("button", { name: "Mention" }).click();
  await expect(page.getByRole("option").first()).toBeVisible();
  await expect(screens.editor).toHaveText("@");
});

test("F103 commands: own ones first, an entity, a menu with a way back, and nothing", async ({
  page,
  screens,
}) => {
  await screens.open("composing");
  await screens.editor.click();
  await page.keyboard.type("/");
  const labels = page.locator(".ck-suggestion-label");
  await expect(labels.first()).toHaveText("Attach files");
  await expect(labels.last()).toHaveText("More");
  await page.getByRole("option", { name: "More" }).click();
  await expect(labels).toHaveText(["Back", "Inner signature"]);
  await page.getByRole("option", { name: "Back" }).click();
  await page.getByRole("option", { name: "Signature", exact: true }).click();
  await expect(page.locator(".ck-pill")).toHaveText("My signature");
  await page.keyboard.type("/void");
  await expect(labels).toHaveText(["Void"]);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("listbox")).toHaveCount(0);
  await expect(screens.editor).toHaveText("My signature ");
});

test("F103 a command of the composer does what its button does", async ({ page, screens }) => {
  await screens.open("composing");
  await screens.editor.click();
  await page.keyboard.type("/search the web");
  await page.keyboard.press("Home");
  await page.keyboard.press("End");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("/searc");
  await page.getByRole("option", { name: "Search the web" }).click();
  expect(await screens.calls("selectTool")).toEqual([{ name: "selectTool", args: ["web"] }]);
  await expect(screens.editor).toHaveText("");
});

test("F111 files are taken by paste and by drop anywhere on the chat; pasted text loses its formatting", async ({
  page,
  screens,
}) => {
  await screens.open("composing");
  await screens.editor.click();
  await page.evaluate(() => {
    const root = document.querySelector("div")?.shadowRoot;
    const transfer = (file: boolean): DataTransfer => {
      const data = new DataTransfer();
      if (file) data.items.add(new File(["x"], "a.txt", { type: "text/plain" }));
      else {
        data.setData("text/html", "<b>bold</b>");
        data.setData("text/plain", "bold");
      }
      return data;
    };
    const editor = root?.querySelector("[data-ck-editor]");
    const paste = (file: boolean): void => {
      editor?.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: transfer(file), bubbles: true, cancelable: true }),
      );
    };
    paste(true);
    paste(false);
    const thread = root?.querySelector(".ck-thread");
    for (const type of ["dragenter", "dragover"]) {
      thread?.dispatchEvent(
        new DragEvent(type, { dataTransfer: transfer(true), bubbles: true, cancelable: true }),
      );
    }
  });
  await expect(page.locator(".ck-drop")).toBeVisible();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "b.txt", { type: "text/plain" }));
    const thread = document.querySelector("div")?.shadowRoot?.querySelector(".ck-thread");
    thread?.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(page.locator(".ck-drop")).toHaveCount(0);
  expect(await screens.calls("addFiles")).toHaveLength(2);
  await expect(screens.editor).toHaveText("bold");
  await expect(screens.editor.locator("b")).toHaveCount(0);
});

test("F093 a selection in an answer becomes a quote", async ({ page, screens }) => {
  await screens.open("composing");
  await page.locator(".ck-assistant p").selectText();
  await page.locator(".ck-assistant p").dispatchEvent("pointerup");
  await page.getByRole("button", { name: "Reply" }).click();
  expect((await screens.calls("setQuote")).at(-1)?.args).toEqual(["Hello, how can I help?"]);
  await expect(page.locator(".ck-quote")).toContainText("Hello, how can I help?");
});

test("a draft set from outside shows in the field, and the caret follows", async ({ page, screens }) => {
  await screens.open("composing");
  await screens.editor.click();
  await page.evaluate(() => {
    const { session, show } = (
      globalThis as unknown as {
        screens: { session: { state: { peek(): { composer: object } } }; show(change: object): void };
      }
    ).screens;
    const content = [{ type: "input_text", text: "From the page" }];
    show({ composer: { ...session.state.peek().composer, draft: { content, quote: null }, revision: 7 } });
  });
  await expect(screens.editor).toHaveText("From the page");
  await page.keyboard.type("!");
  await expect(screens.editor).toHaveText("From the page!");
});

test("F115 a refused microphone shows why and gives the composer back", async ({ page, screens }) => {
  await screens.open("composing");
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  });
  await page.getByRole("button", { name: "Dictate" }).click();
  await expect.poll(() => screens.calls("toast")).toHaveLength(1);
  expect((await screens.calls("toast"))[0]?.args.slice(0, 2)).toEqual(["danger", "dictation.denied"]);
  await expect(page.getByRole("button", { name: "Dictate" })).toBeVisible();
});
