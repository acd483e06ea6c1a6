// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type ChatState, emptyThread, initialState, type ThreadState } from "../core/state.ts";
import { prefetchMarkdown } from "../markdown/index.tsx";
import type { ThreadItem, UserMessageContent } from "../protocol/types.ts";
import { thread, userItem } from "../testing/fixtures.ts";
import { type Mounted, mount } from "../testing/mount.tsx";
import { plainOptions } from "../testing/static_session.ts";
import type { ResolvedOptions } from "./options.ts";

let view: Mounted;
beforeAll(() => prefetchMarkdown());

function inThread(items: ThreadItem[], more: Partial<ThreadState> = {}): { thread: ThreadState } {
  return { thread: { ...emptyThread, id: "thr_1", title: "Title", items, ...more } };
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

describe("header and start screen", () => {
  it("F123 shows the thread's title, a static text, or no header at all", async () => {
    view = await mount(inThread([userItem("?")]));
    expect(view.text(".ck-header-title")).toBe("Title");
    view.unmount();
    view = await mount(inThread([userItem("?")]), {
      header: { ...plainOptions.header, title: { enabled: true, text: "Help" } },
    });
    expect(view.text(".ck-header-title")).toBe("Help");
    view.unmount();
    view = await mount({}, { header: { ...plainOptions.header, enabled: false } });
    expect(view.all(".ck-header")).toHaveLength(0);
  });

  it("F124 calls the page's own actions", async () => {
    const done: string[] = [];
    const header = {
      ...plainOptions.header,
      leftAction: { icon: "home" as const, onClick: () => done.push("left") },
      rightAction: { icon: "close" as const, onClick: () => done.push("right") },
    };
    view = await mount({}, { header });
    const buttons = view.all(".ck-header button");
    await view.click(buttons[0] as Element);
    await view.click(buttons.at(-1) as Element);
    expect(done).toEqual(["left", "right"]);
  });

  it("F125 greets and sends a prompt at a press", async () => {
    const prompts = [{ label: "Plan", prompt: "Plan a trip", icon: "star" as const }];
    view = await mount({}, { startScreen: { greeting: null, prompts } });
    expect(view.text(".ck-greeting")).toBe("What can I help with today?");
    await view.click(view.one(".ck-prompt"));
    expect(view.calls).toContainEqual({
      name: "sendMessage",
      args: [{ content: [{ type: "input_text", text: "Plan a trip" }] }],
    });
  });

  it("F126 sends the tags of a structured prompt", async () => {
    const prompt = [{ type: "input_tag" as const, id: "e", text: "Ana" }] as unknown as UserMessageContent[];
    view = await mount(
      {},
      { startScreen: { greeting: "Hi", prompts: [{ label: "Ask", prompt, icon: null }] } },
    );
    expect(view.text(".ck-greeting")).toBe("Hi");
    await view.click(view.one(".ck-prompt"));
    expect(view.calls).toContainEqual({
      name: "sendMessage",
      args: [{ content: [{ type: "input_tag", id: "e", text: "Ana", data: {} }] }],
    });
  });

  it("F012 names the missing option in place of the chat", async () => {
    view = await mount({}, { problem: "api is missing" });
    expect(view.text(".ck-problem")).toContain("api is missing");
    expect(view.all("[data-ck-editor]")).toHaveLength(0);
  });
});

describe("history", () => {
  const threads = [thread("thr_1", "Here", "2026-11-22T10:00:00"), thread("thr_2", undefined, "not a date")];
  const state = (more: Partial<ChatState["history"]> = {}): Partial<ChatState> => ({
    ...inThread([userItem("?")]),
    view: "history",
    history: { ...initialState.history, threads, ...more },
  });

  async function open(
    more: Partial<ChatState["history"]> = {},
    options: Partial<ResolvedOptions> = {},
  ): Promise<void> {
    view = await mount(state(more), options);
    await vi.waitFor(() => expect(view.all(".ck-history")).toHaveLength(1));
  }

  it("F127 lists titles, with words for a thread without one", async () => {
    await open();
    expect(view.all(".ck-history-title").map((each) => each.textContent)).toEqual(["Here", "New thread"]);
    expect(view.all("[aria-current=true]")).toHaveLength(1);
    expect(view.root.textContent).not.toContain("Invalid");
  });

  it("F030 closes when the current thread is chosen, and loads nothing", async () => {
    await open();
    await view.click(view.one(".ck-history-open"));
    expect(names()).toContain("closeHistory");
    expect(names()).not.toContain("openThread");
  });

  async function choose(entry: string): Promise<void> {
    const menu = view.button("Options for Here");
    if (!menu) throw new Error("no menu");
    await view.click(menu);
    const item = view.all("[role=menuitem]").find((each) => each.textContent?.trim() === entry);
    await view.click(item as Element);
  }

  it("F129 renames in place with Enter, and leaves the title with Escape", async () => {
    await open();
    await choose("Rename");
    const field = view.one<HTMLInputElement>(".ck-rename");
    await act(async () => {
      field.value = "There";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await press(field, "Enter");
    expect(view.calls).toContainEqual({ name: "renameThread", args: ["thr_1", "There"] });
    await choose("Rename");
    await press(view.one(".ck-rename"), "Escape");
    expect(names().filter((name) => name === "renameThread")).toHaveLength(1);
    expect(view.all(".ck-history")).toHaveLength(1);
  });

  it("F130 deletes after a question", async () => {
    await open();
    await choose("Delete");
    expect(names()).not.toContain("deleteThread");
    expect(view.text(".ck-confirm p")).toContain("Here");
    const remove = view.all(".ck-confirm button").at(-1);
    await view.click(remove as Element);
    expect(view.calls).toContainEqual({ name: "deleteThread", args: ["thr_1"] });
  });

  it("F131 stays open when the active thread is deleted", async () => {
    await open();
    await view.show({ thread: emptyThread, history: { ...initialState.history, threads: threads.slice(1) } });
    expect(view.all(".ck-history")).toHaveLength(1);
    expect(view.all(".ck-history-row")).toHaveLength(1);
  });

  it("F132 has no button when it is turned off", async () => {
    view = await mount({}, { history: { enabled: false, showDelete: true, showRename: true } });
    expect(view.button("History")).toBeUndefined();
  });

  it("hides rename and delete where the page does not want them", async () => {
    await open({}, { history: { enabled: true, showDelete: false, showRename: false } });
    expect(view.button("Options for Here")).toBeUndefined();
  });

  it("says what is wrong and offers to try again", async () => {
    await open({ phase: "failed", threads: [], error: new Error("x") });
    expect(view.text(".ck-load-failed")).toContain("could not be loaded");
    const again = view.button("Try again");
    if (!again) throw new Error("no button");
    await view.click(again);
    expect(names()).toContain("searchThreads");
  });
});
