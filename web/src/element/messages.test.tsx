// @vitest-environment happy-dom
import { beforeAll, describe, expect, it, vi } from "vitest";
import { emptyThread, type ThreadState } from "../core/state.ts";
import { prefetchMarkdown } from "../markdown/index.tsx";
import type { Annotation, ThreadItem, UserMessageContent } from "../protocol/types.ts";
import {
  answerItem,
  endOfTurn,
  imageItem,
  questionItem,
  taskItem,
  toolCall,
  userItem,
  widgetItem,
  workflowItem,
} from "../testing/fixtures.ts";
import { type Mounted, mount } from "../testing/mount.tsx";
import { plainOptions } from "../testing/static_session.ts";

let view: Mounted;
beforeAll(() => Promise.all([prefetchMarkdown(), import("../widgets/view.tsx")]), 20_000);

function inThread(items: ThreadItem[], more: Partial<ThreadState> = {}): { thread: ThreadState } {
  return { thread: { ...emptyThread, id: "thr_1", items, ...more } };
}

const rated = { threadItemActions: { feedback: true, retry: true } };

describe("messages of a person", () => {
  it("F066 are shown verbatim, newlines and asterisks included", async () => {
    view = await mount(inThread([userItem("**a**\n<b>b</b> [c](https://d.e)")]));
    expect(view.one(".ck-user-text").textContent).toBe("**a**\n<b>b</b> [c](https://d.e)");
    expect(view.all(".ck-user-text *")).toEqual([]);
  });

  it("show tags as pills, quotes and attachments", async () => {
    const item = userItem("", {
      content: [
        { type: "input_text", text: "Ask " },
        { type: "input_tag", id: "u", text: "Ana", data: {} },
      ],
      quoted_text: "Quoted",
      attachments: [
        { type: "file", id: "f", name: "plan.final.pdf", mime_type: "application/pdf" },
        { type: "image", id: "i", name: "cat", mime_type: "image/png", preview_url: "https://e.com/cat.png" },
      ],
    });
    view = await mount(inThread([item]));
    expect(view.text(".ck-tag")).toBe("Ana");
    expect(view.text(".ck-user-quote")).toBe("Quoted");
    expect(view.text(".ck-file-kind")).toBe("PDF");
  });

  it("F113 show an uploaded image by its preview address", async () => {
    const attachments = [
      {
        type: "image" as const,
        id: "i",
        name: "cat",
        mime_type: "image/png",
        preview_url: "https://e.com/cat.png",
      },
    ];
    view = await mount(inThread([userItem("look", { attachments })]));
    expect(view.one<HTMLImageElement>(".ck-picture img").getAttribute("src")).toBe("https://e.com/cat.png");
    expect(view.one(".ck-picture img").getAttribute("referrerpolicy")).toBe("no-referrer");
  });

  it("F043 that did not arrive offer to be sent again", async () => {
    const item = userItem("lost");
    view = await mount(inThread([item], { marks: { [item.id]: { failed: new Error("x") } } }));
    const again = view.button("Send again");
    if (!again) throw new Error("no button");
    await view.click(again);
    expect(view.calls).toContainEqual({ name: "resend", args: [item.id] });
  });
});

describe("answers", () => {
  const cited: Annotation[] = [
    {
      type: "annotation",
      index: 3,
      source: { type: "url", title: "One", url: "https://www.one.org/x", group: "Web" },
    },
    { type: "annotation", index: 3, source: { type: "file", title: "Notes", filename: "notes.pdf" } },
    { type: "annotation", index: 9, source: { type: "url", title: "One", url: "https://www.one.org/x" } },
    { type: "annotation", source: { type: "entity", id: "e", title: "Ana", inline_label: "ana!" } },
  ];

  it("F076 group the annotations of one place in one marker at the end of its word", async () => {
    view = await mount(inThread([userItem("?"), answerItem("Alpha beta gamma", cited)]));
    expect(view.all(".ck-cite").map((marker) => marker.textContent)).toEqual(["one.org+1", "one.org"]);
    expect(view.one(".ck-assistant p").textContent).toBe("Alphaone.org+1 betaone.org gamma");
  });

  it("F077 show the details of their sources in a popover", async () => {
    view = await mount(inThread([userItem("?"), answerItem("Alpha beta", cited.slice(0, 2))]));
    await view.click(view.one(".ck-cite"));
    expect(view.all(".ck-cite-card .ck-source-title").map((each) => each.textContent)).toEqual([
      "One",
      "Notes",
    ]);
    expect(view.one<HTMLAnchorElement>(".ck-cite-card a").rel).toBe("noopener noreferrer");
  });

  it("F078 show an inline label in place of the icon", async () => {
    const [, , , entity] = cited;
    if (!entity) throw new Error("fixture");
    view = await mount(inThread([userItem("?"), answerItem("Alpha", [{ ...entity, index: 5 }])]));
    expect(view.text(".ck-cite")).toBe("ana!");
  });

  it("F079 hand an interactive entity to the page, data included", async () => {
    const clicked: unknown[] = [];
    const source = {
      type: "entity" as const,
      id: "e",
      title: "Ana",
      interactive: true,
      data: { team: "A", n: 1 },
    };
    const entities = { ...plainOptions.entities, onClick: (entity: unknown) => clicked.push(entity) };
    view = await mount(
      inThread([userItem("?"), answerItem("Alpha", [{ type: "annotation", index: 5, source }])]),
      { entities },
    );
    await view.click(view.one(".ck-cite"));
    await view.click(view.one(".ck-cite-card button.ck-source"));
    expect(clicked).toEqual([{ id: "e", title: "Ana", interactive: true, data: { team: "A", n: "1" } }]);
  });

  it("F079 ask the page for the card of an interactive tag, and show its own head where there is none", async () => {
    const asked: unknown[] = [];
    const preview = { type: "Basic", children: [{ type: "Text", value: "From the page" }] };
    const onRequestPreview = (entity: { id: string }): Promise<{ preview: never }> => {
      asked.push(entity);
      return Promise.resolve({ preview: (entity.id === "a" ? preview : null) as never });
    };
    const tag = (id: string): UserMessageContent => ({
      type: "input_tag",
      id,
      text: `Tag ${id}`,
      data: {},
      interactive: true,
    });
    const entities = { ...plainOptions.entities, onRequestPreview };
    view = await mount(inThread([userItem("", { content: [tag("a"), tag("b")] })]), { entities });
    const [first, second] = view.all(".ck-tag-live");
    first?.dispatchEvent(new FocusEvent("focus"));
    await vi.waitFor(() => expect(view.text(".ck-entity-card")).toContain("From the page"), {
      timeout: 4000,
    });
    first?.dispatchEvent(new FocusEvent("blur"));
    await vi.waitFor(() => expect(view.all(".ck-entity-card")).toHaveLength(0));
    second?.dispatchEvent(new FocusEvent("focus"));
    await vi.waitFor(() => expect(view.text(".ck-entity-head")).toBe("Tag b"));
    expect(asked).toHaveLength(2);
  });

  it("name who speaks where the server tells", async () => {
    const author = { name: "Ada", avatar_url: "https://e.com/ada.png" };
    view = await mount(inThread([userItem("?"), answerItem("a", [], { author })]));
    expect(view.text(".ck-author")).toBe("Ada");
    expect(view.text(".ck-answer h3")).toBe("Ada said:");
    expect(view.one<HTMLImageElement>(".ck-author img").getAttribute("src")).toBe("https://e.com/ada.png");
  });

  it("F080 list each source once, folded away, by group", async () => {
    view = await mount(inThread([userItem("?"), answerItem("Alpha beta gamma", cited)]));
    expect(view.text(".ck-sources-count")).toBe("3");
    expect(view.all(".ck-sources-list .ck-source")).toEqual([]);
    await view.click(view.one(".ck-sources-toggle"));
    expect(view.all(".ck-sources-list .ck-source-title").map((each) => each.textContent)).toEqual([
      "Notes",
      "Ana",
      "One",
    ]);
    expect(view.text(".ck-sources-caption")).toBe("Web");
  });

  it("F087 are copied as Markdown with the copy text of widgets", async () => {
    const written: string[] = [];
    const clipboard = { writeText: (text: string) => Promise.resolve(void written.push(text)) };
    Object.defineProperty(navigator, "clipboard", { value: clipboard, configurable: true });
    view = await mount(
      inThread([
        userItem("?"),
        answerItem("**a**", cited.slice(0, 1)),
        widgetItem({ type: "Text", value: "w" }, "copied widget"),
        widgetItem({ type: "Text", value: "silent" }),
      ]),
    );
    const copy = view.all(".ck-answer .ck-actions button")[0];
    if (!copy) throw new Error("no button");
    await view.click(copy);
    expect(written).toEqual(["**a**\n\ncopied widget"]);
  });

  it("F088 are rated with the ids of all items of the turn", async () => {
    const items = [toolCall(), answerItem("a"), widgetItem({ type: "Text", value: "w" })];
    view = await mount(inThread([userItem("?"), ...items]), rated);
    const good = view.button("Good response");
    if (!good) throw new Error("no button");
    await view.click(good);
    expect(view.calls).toContainEqual({
      name: "sendFeedback",
      args: [items.map((item) => item.id), "positive"],
    });
  });

  it("F089 are asked for again by the id of the person's message, on the last turn only", async () => {
    const first = userItem("1");
    const second = userItem("2");
    view = await mount(inThread([first, answerItem("a"), second, answerItem("b")]), rated);
    const again = view.all('button[aria-label="Try again"]');
    expect(again).toHaveLength(1);
    await view.click(again[0] as Element);
    expect(view.calls).toContainEqual({ name: "retryAfter", args: [second.id] });
  });

  it("F090 have neither retry nor rating unless the page asks for them", async () => {
    view = await mount(inThread([userItem("?"), answerItem("a")]));
    expect(view.all(".ck-answer .ck-actions button").map((each) => each.getAttribute("aria-label"))).toEqual([
      "Copy",
    ]);
  });

  it("F063 have one row of actions for each group that ends", async () => {
    view = await mount(
      inThread([userItem("?"), answerItem("a"), answerItem("b"), endOfTurn(), answerItem("c")]),
    );
    expect(view.all(".ck-answer .ck-actions")).toHaveLength(2);
  });

  it("F094 leave the direction of each block to its own text", async () => {
    view = await mount(inThread([userItem("مرحبا"), answerItem("مرحبا\n\nhello")]));
    expect(view.all(".ck-assistant p").map((each) => each.getAttribute("dir"))).toEqual(["auto", "auto"]);
    expect(view.one(".ck-user-text").getAttribute("dir")).toBe("auto");
  });

  it("F075 report a deeplink and do not follow it", async () => {
    view = await mount(inThread([userItem("?"), answerItem("[open](chatkit-link://doc?id=4)")]));
    const link = view.one<HTMLAnchorElement>(".ck-assistant a");
    const event = new MouseEvent("click", { bubbles: true, cancelable: true });
    link.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
    expect(view.deeplinks).toEqual(["chatkit-link://doc?id=4"]);
  });

  it("F081 show a foreign image as a link when the thread lists domains", async () => {
    const text = "![a](https://cdn.good.org/a.png) ![b](https://evil.org/b.png)";
    view = await mount(inThread([userItem("?"), answerItem(text)], { allowedImageDomains: ["good.org"] }));
    expect(view.all(".ck-assistant img").map((each) => each.getAttribute("src"))).toEqual([
      "https://cdn.good.org/a.png",
    ]);
    expect(view.one<HTMLAnchorElement>(".ck-assistant a").href).toBe("https://evil.org/b.png");
  });
});

describe("steps and pictures", () => {
  it("F083 a workflow starts as the server says, and the person's choice wins", async () => {
    const tasks = [
      { type: "thought" as const, title: "Look", content: "around", status_indicator: "complete" as const },
    ];
    const item = workflowItem({ type: "custom", expanded: true, tasks, summary: { duration: 72 } });
    const asked = userItem("?");
    view = await mount(inThread([asked, item]));
    expect(view.text(".ck-workflow-head")).toBe("Worked for 1 minute 12 seconds");
    expect(view.all(".ck-step")).toHaveLength(1);
    await view.click(view.one(".ck-workflow-head"));
    expect(view.all(".ck-step")).toHaveLength(0);
    await view.show(
      inThread([asked, { ...item, workflow: { ...item.workflow, tasks: [...tasks, ...tasks] } }]),
    );
    expect(view.all(".ck-step")).toHaveLength(0);
  });

  it("F083 a running workflow names its current task", async () => {
    const item = workflowItem({
      type: "reasoning",
      expanded: false,
      tasks: [{ type: "custom", title: "Reading", status_indicator: "loading" }],
    });
    view = await mount(inThread([userItem("?"), item], { marks: { [item.id]: { streaming: true } } }));
    expect(view.text(".ck-workflow-head")).toBe("Reading");
    expect(view.all(".ck-shimmer")).toHaveLength(1);
  });

  it("F084 each kind of task shows what it has", async () => {
    const item = workflowItem({
      type: "custom",
      expanded: true,
      summary: { title: "Done" },
      tasks: [
        { type: "custom", title: "Custom", icon: "star", content: "*c*" },
        {
          type: "web_search",
          title: "Web",
          queries: ["q1", "q2"],
          sources: [{ type: "url", title: "S", url: "https://s.org" }],
        },
        { type: "thought", title: "Thought", content: "t" },
        { type: "file", title: "File", sources: [{ type: "file", title: "F", filename: "f.txt" }] },
        { type: "image", title: "Image" },
      ],
    });
    view = await mount(inThread([userItem("?"), item]));
    expect(view.all(".ck-step-title").map((each) => each.textContent?.trim())).toEqual([
      "Custom",
      "Web",
      "Thought",
      "File",
      "Image",
    ]);
    expect(view.all(".ck-chip").map((each) => each.textContent?.trim())).toEqual(["q1", "q2", "f.txt"]);
    expect(view.text(".ck-chip-link .ck-source-origin")).toContain("s.org");
    expect(view.text(".ck-step em")).toBe("c");
  });

  it("F085 shows a spinner for a running task and a check for a finished one", async () => {
    const tasks = (["none", "loading", "complete"] as const).map((status_indicator) => ({
      type: "custom" as const,
      title: status_indicator,
      status_indicator,
    }));
    view = await mount(
      inThread([
        userItem("?"),
        workflowItem({ type: "custom", expanded: true, tasks, summary: { title: "x" } }),
      ]),
    );
    const [none, loading, complete] = view.all(".ck-step-mark");
    expect(none?.querySelector(".ck-step-dot")).toBeTruthy();
    expect(loading?.querySelector(".ck-spinner")?.getAttribute("aria-label")).toBe("Working");
    expect(complete?.querySelector("svg")?.getAttribute("aria-label")).toBe("Completed");
  });

  it("F086 a task of its own has no indicator", async () => {
    view = await mount(
      inThread([userItem("?"), taskItem({ type: "custom", title: "Alone", status_indicator: "loading" })]),
    );
    expect(view.text(".ck-step-title")).toBe("Alone");
    expect(view.all(".ck-step .ck-spinner")).toHaveLength(0);
  });

  it("F082 a generated picture goes from placeholder to preview to picture", async () => {
    const url = "data:image/png;base64,iVBORw0KGgo=";
    const empty = imageItem();
    const marks = { [empty.id]: { streaming: true as const } };
    view = await mount(inThread([userItem("?"), empty], { marks }));
    expect(view.all(".ck-genimage-empty [role=progressbar]")).toHaveLength(1);
    const partial = { ...empty, image: { id: "i", url }, progress: 0.5 };
    await view.show(inThread([userItem("?"), partial], { marks }));
    expect(view.one(".ck-genimage [role=progressbar]").getAttribute("aria-valuenow")).toBe("50");
    await view.show(inThread([userItem("?"), { ...partial, progress: 1 }]));
    expect(view.one<HTMLImageElement>(".ck-genimage img").getAttribute("src")).toBe(url);
    expect(view.all(".ck-genimage [role=progressbar]")).toHaveLength(0);
    expect(view.one(".ck-genimage a").getAttribute("aria-label")).toBe("Download");
  });

  it("F116 an answered question stays as question and answer", async () => {
    const answered = questionItem(
      [
        { type: "freeform", id: "q", question: "Why?", answer: { values: ["Because"], skipped: false } },
        { type: "freeform", id: "r", question: "How?", answer: { values: [], skipped: true } },
      ],
      "answered",
    );
    view = await mount(inThread([userItem("?"), answered]));
    expect(view.all(".ck-answers dd").map((each) => each.textContent)).toEqual(["Because", "Skipped"]);
  });
});
