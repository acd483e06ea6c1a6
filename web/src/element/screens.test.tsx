// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type ChatState, emptyThread, initialState, type ThreadState } from "../core/state.ts";
import { prefetchMarkdown } from "../markdown/index.tsx";
import type { ThreadItem } from "../protocol/types.ts";
import { answerItem, questionItem, userItem } from "../testing/fixtures.ts";
import { type Mounted, mount } from "../testing/mount.tsx";
import { plainOptions } from "../testing/static_session.ts";
import type { ResolvedOptions } from "./options.ts";

let view: Mounted;
beforeAll(() => prefetchMarkdown());

function inThread(items: ThreadItem[], more: Partial<ThreadState> = {}): { thread: ThreadState } {
  return { thread: { ...emptyThread, id: "thr_1", title: "Title", items, ...more } };
}

function withComposer(more: Partial<ResolvedOptions["composer"]>): Partial<ResolvedOptions> {
  return { composer: { ...plainOptions.composer, ...more } };
}

function composer(more: Partial<ChatState["composer"]>): Partial<ChatState> {
  return { composer: { ...initialState.composer, ...more } };
}

async function type(text: string): Promise<void> {
  const field = view.one("[data-ck-editor]");
  await act(async () => {
    field.textContent = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

async function press(target: Element, key: string, more: KeyboardEventInit = {}): Promise<KeyboardEvent> {
  const event = new KeyboardEvent("keydown", {
    key,
    bubbles: true,
    cancelable: true,
    composed: true,
    ...more,
  });
  await act(async () => {
    target.dispatchEvent(event);
  });
  return event;
}

const names = (): string[] => view.calls.map((call) => call.name);

describe("the composer", () => {
  it("F095 sends on Enter, not on Shift+Enter, and never while composing", async () => {
    view = await mount();
    const field = view.one("[data-ck-editor]");
    await type("hello");
    await press(field, "Enter", { isComposing: true });
    await press(field, "Enter", { keyCode: 229 });
    expect(names()).not.toContain("submitDraft");
    await press(field, "Enter", { shiftKey: true });
    expect(names()).not.toContain("submitDraft");
    await press(field, "Enter");
    expect(names().filter((name) => name === "submitDraft")).toHaveLength(1);
  });

  it("does not send an empty draft", async () => {
    view = await mount();
    expect(view.button("Send message")?.disabled).toBe(true);
    await press(view.one("[data-ck-editor]"), "Enter");
    expect(names()).not.toContain("submitDraft");
  });

  it("F096 shows the default placeholder, the page's, or the tool's", async () => {
    view = await mount();
    const placeholder = (): string | null => view.one("[data-ck-editor]").getAttribute("data-placeholder");
    expect(placeholder()).toBe("Message the AI");
    view.unmount();
    view = await mount({}, withComposer({ placeholder: "Ask away" }));
    expect(placeholder()).toBe("Ask away");
    view.unmount();
    const tools = [{ id: "w", label: "Web", icon: "globe" as const, placeholderOverride: "Search for…" }];
    view = await mount(composer({ toolId: "w" }), withComposer({ placeholder: "Ask away", tools }));
    expect(placeholder()).toBe("Search for…");
  });

  it("F097 keeps pinned tools outside of the menu and shows a chosen one by its short label", async () => {
    const tools = [
      { id: "w", label: "Search the web", shortLabel: "Search", icon: "globe" as const },
      { id: "p", label: "Pinned", icon: "star" as const, pinned: true },
    ];
    view = await mount(composer({ toolId: "w" }), withComposer({ tools }));
    expect(view.all(".ck-tool-chip").map((chip) => chip.textContent)).toEqual(["Pinned", "Search"]);
    const plus = view.button("Add and tools");
    if (!plus) throw new Error("no menu");
    await view.click(plus);
    expect(view.all("[role=menuitemradio]").map((each) => each.textContent?.trim())).toEqual([
      "Search the web",
    ]);
    const chip = view.button("Turn off Search the web");
    if (!chip) throw new Error("no chip");
    await view.click(chip);
    expect(view.calls).toContainEqual({ name: "selectTool", args: [null] });
  });

  it("F099 offers the models, disabled ones visible and unselectable", async () => {
    const models = [
      { id: "a", label: "Swift" },
      { id: "b", label: "Deep", description: "Thinks", disabled: true },
    ];
    view = await mount(composer({ modelId: "a" }), withComposer({ models }));
    const picker = view.button("Model: Swift");
    if (!picker) throw new Error("no picker");
    await view.click(picker);
    const [swift, deep] = view.all("[role=menuitemradio]");
    expect(swift?.getAttribute("aria-checked")).toBe("true");
    expect(deep?.getAttribute("aria-disabled")).toBe("true");
    await view.click(deep as Element);
    expect(names()).not.toContain("selectModel");
  });

  it("F104 has no way to attach unless the page turns it on", async () => {
    view = await mount();
    expect(view.button("Add and tools")).toBeUndefined();
    view.unmount();
    view = await mount({}, withComposer({ attachments: { maxSize: 1, maxCount: 1, accept: null } }));
    expect(view.button("Add and tools")).toBeDefined();
  });

  it("F112 offers a failed upload again", async () => {
    const attachments = [
      {
        key: "k",
        name: "a.pdf",
        mimeType: "application/pdf",
        size: 1,
        phase: "failed" as const,
        attachment: null,
        file: null,
        error: new Error("x"),
      },
    ];
    view = await mount(composer({ attachments }));
    const again = view.button("Try uploading a.pdf again");
    if (!again) throw new Error("no button");
    await view.click(again);
    const remove = view.button("Remove a.pdf");
    if (!remove) throw new Error("no button");
    await view.click(remove);
    expect(view.calls).toContainEqual({ name: "retryAttachment", args: ["k"] });
    expect(view.calls).toContainEqual({ name: "removeAttachment", args: ["k"] });
  });

  it("F041 has no working Stop when the server forbids it, and one that stops otherwise", async () => {
    view = await mount({
      ...inThread([userItem("?")]),
      turn: { phase: "streaming", allowCancel: false, startedAt: 0 },
    });
    expect(view.button("Stop")?.disabled).toBe(true);
    await view.show({ turn: { phase: "streaming", allowCancel: true, startedAt: 0 } });
    const stop = view.button("Stop");
    if (!stop) throw new Error("no button");
    await view.click(stop);
    expect(names()).toContain("stop");
  });

  it("stops on Escape while an answer is written", async () => {
    view = await mount({
      ...inThread([userItem("?")]),
      turn: { phase: "waiting", allowCancel: true, startedAt: 0 },
    });
    await press(view.one("[data-ck-editor]"), "Escape");
    expect(names()).toContain("stop");
  });

  it("F120 is disabled in a locked thread, with the reason as its placeholder", async () => {
    view = await mount(inThread([userItem("?")], { status: { type: "locked", reason: "Wait" } }));
    const field = view.one("[data-ck-editor]");
    expect(field.getAttribute("contenteditable")).toBe("false");
    expect(field.getAttribute("data-placeholder")).toBe("Wait");
  });

  it("F121 gives way to a banner in a closed thread", async () => {
    view = await mount(inThread([userItem("?")], { status: { type: "closed", reason: "Solved" } }));
    expect(view.text(".ck-closed")).toBe("Solved");
    expect(view.all("[data-ck-editor]")).toHaveLength(0);
    await view.show(inThread([userItem("?")], { status: { type: "closed" } }));
    expect(view.text(".ck-closed")).toBe("This conversation is closed");
  });

  it("F122 has a disclaimer in Markdown below it", async () => {
    view = await mount({}, { disclaimer: { text: "See [terms](https://e.com)", highContrast: true } });
    expect(view.one<HTMLAnchorElement>(".ck-disclaimer a").href).toBe("https://e.com/");
    expect(view.one(".ck-disclaimer").hasAttribute("data-contrast")).toBe(true);
  });
});

describe("questions of the assistant", () => {
  const choice = {
    type: "multiple_choice" as const,
    id: "q1",
    question: "Which?",
    options: [{ value: "A" }, { value: "B" }],
    multiple: true,
  };
  const open = { type: "freeform" as const, id: "q2", question: "Why?", description: "Details" };

  async function ask(inputs: Parameters<typeof questionItem>[0]): Promise<string> {
    const item = questionItem(inputs);
    view = await mount(inThread([userItem("?"), item]));
    await vi.waitFor(() => expect(view.all(".ck-structured")).toHaveLength(1));
    return item.id;
  }

  async function enter(selector: string, text: string): Promise<void> {
    const field = view.one<HTMLInputElement>(selector);
    await act(async () => {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  it("F116 take several choices and an own answer", async () => {
    const id = await ask([choice]);
    await press(view.one(".ck-options"), "1");
    await press(view.one(".ck-options"), "2");
    await enter(".ck-option-own", "C");
    await press(view.one(".ck-option-own"), "Enter");
    expect(view.calls).toContainEqual({
      name: "submitStructuredInput",
      args: [id, { status: "answered", answers: { q1: { values: ["A", "B", "C"], skipped: false } } }],
    });
  });

  it("F116 keep one value where one is asked for", async () => {
    const id = await ask([{ ...choice, multiple: false }]);
    await press(view.one(".ck-options"), "1");
    await press(view.one(".ck-options"), "2");
    await press(view.one(".ck-options"), "Enter");
    expect(view.calls).toContainEqual({
      name: "submitStructuredInput",
      args: [id, { status: "answered", answers: { q1: { values: ["B"], skipped: false } } }],
    });
  });

  it("F117 F118 go step by step, and a question left out counts as skipped", async () => {
    const id = await ask([choice, open]);
    expect(view.text(".ck-stepper")).toContain("1 of 2");
    await press(view.one(".ck-options"), "Enter");
    expect(view.text(".ck-structured p")).toBe("Details");
    await enter(".ck-structured textarea", "Because");
    await press(view.one(".ck-structured textarea"), "Enter");
    expect(view.calls).toContainEqual({
      name: "submitStructuredInput",
      args: [
        id,
        {
          status: "answered",
          answers: { q1: { values: [], skipped: true }, q2: { values: ["Because"], skipped: false } },
        },
      ],
    });
  });

  it("F118 can be skipped as a whole", async () => {
    const id = await ask([open]);
    const skip = view.button("Skip");
    if (!skip) throw new Error("no button");
    await view.click(skip);
    expect(view.calls).toContainEqual({
      name: "submitStructuredInput",
      args: [id, { status: "skipped", answers: {} }],
    });
  });

  it("F119 stand in the composer's place, also in a thread that was loaded", async () => {
    await ask([open]);
    expect(view.all("[data-ck-editor]")).toHaveLength(0);
    await view.show(inThread([userItem("?"), questionItem([open], "skipped")]));
    expect(view.all("[data-ck-editor]")).toHaveLength(1);
  });
});

describe("the end of a thread", () => {
  it("F055 shows notices of three levels with Markdown", async () => {
    const notices = (["info", "warning", "danger"] as const).map((level, id) => ({
      id,
      level,
      title: null,
      message: "[x](https://e.com)",
    }));
    view = await mount(inThread([userItem("?")], { notices }));
    expect(view.all(".ck-notice").map((each) => each.getAttribute("data-level"))).toEqual([
      "info",
      "warning",
      "danger",
    ]);
    expect(view.all(".ck-notice a")).toHaveLength(3);
  });

  it("F056 offers Retry only when it is allowed, and shows a custom message as it is", async () => {
    const error = { error: new Error("Out of soup"), code: "custom", allowRetry: false, requestId: null };
    view = await mount(inThread([userItem("?")], { error }));
    expect(view.text(".ck-error")).toBe("Out of soup");
    expect(view.button("Retry")).toBeUndefined();
    await view.show(inThread([userItem("?")], { error: { ...error, allowRetry: true } }));
    const retry = view.button("Retry");
    if (!retry) throw new Error("no button");
    await view.click(retry);
    expect(names()).toContain("retryTurn");
  });

  it("F057 speaks of a known code in its own words, with code and request id", async () => {
    const error = { error: new Error("boom"), code: "stream.error", allowRetry: true, requestId: "req_1" };
    view = await mount(inThread([userItem("?")], { error }));
    expect(view.text(".ck-error-body")).toBe(
      "Something went wrong while the answer was written.stream.error · Request req_1",
    );
  });

  it("F054 shows one line of progress in place of the waiting dot", async () => {
    const running = { turn: { phase: "waiting" as const, allowCancel: true, startedAt: 0 } };
    view = await mount({ ...inThread([userItem("?")]), ...running });
    expect(view.all(".ck-waiting")).toHaveLength(1);
    await view.show(inThread([userItem("?")], { progress: { text: "Looking", icon: null } }));
    expect(view.all(".ck-waiting")).toHaveLength(0);
    expect(view.text(".ck-progress")).toBe("Looking");
  });

  it("F173 announces a finished answer once, and nothing while it is written", async () => {
    const asked = userItem("?");
    const answer = answerItem("The whole answer");
    const running = { turn: { phase: "streaming" as const, allowCancel: true, startedAt: 0 } };
    view = await mount({
      ...inThread([asked, { ...answer, content: [{ type: "output_text", text: "The", annotations: [] }] }]),
      ...running,
    });
    const said: string[] = [];
    const region = view.one("[data-announcer]");
    const observer = new MutationObserver(() => said.push(region.textContent ?? ""));
    observer.observe(region, { childList: true, characterData: true, subtree: true });
    expect(view.one("[role=log]").getAttribute("aria-live")).toBe("off");
    await view.show(inThread([asked, answer]));
    expect(region.textContent).toBe("");
    await view.show({ turn: initialState.turn });
    await vi.waitFor(() => expect(region.textContent).toBe("The whole answer"));
    await view.show({ ...inThread([asked, answer], { notices: [] }) });
    observer.disconnect();
    expect(said.filter((text) => text !== "")).toEqual(["The whole answer"]);
  });

  it("F064 asks for a failed page of older messages again", async () => {
    view = await mount(
      inThread([userItem("?")], { older: { phase: "failed", hasMore: true, cursor: null } }),
    );
    const again = view.button("Try again");
    if (!again) throw new Error("no button");
    await view.click(again);
    expect(names()).toContain("loadOlder");
  });
});
