import type { Theme } from "../base/index.ts";
import { type ChatState, emptyThread, initialState, type ThreadState } from "../core/state.ts";
import type { ResolvedOptions } from "../element/options.ts";
import type { Annotation, ThreadItem } from "../protocol/types.ts";
import {
  answerItem,
  imageItem,
  LONG_ANSWER,
  questionItem,
  taskItem,
  thread,
  userItem,
  widgetItem,
  workflowItem,
} from "./fixtures.ts";
import { plainOptions } from "./static_session.ts";

export interface Screen {
  readonly state?: Partial<ChatState>;
  readonly options?: Partial<ResolvedOptions>;
  readonly theme?: Theme;
}

function inThread(items: ThreadItem[], more: Partial<ThreadState> = {}): Partial<ChatState> {
  return { thread: { ...emptyThread, id: "thr_1", title: "Three days in Lisbon", items, ...more } };
}

const ago = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();

const CITED =
  "Tram 28 runs every ten minutes in the morning, and the castle opens at nine. Locals avoid both after noon.";
const ANNOTATIONS: Annotation[] = [
  {
    type: "annotation",
    index: 44,
    source: {
      type: "url",
      title: "Tram 28E timetable",
      url: "https://www.carris.pt/en/28e",
      description: "Stops, intervals and first and last trams of the line through Graça and Alfama.",
      timestamp: "2026-10-02T00:00:00Z",
      group: "Transport",
    },
  },
  {
    type: "annotation",
    index: 77,
    source: {
      type: "url",
      title: "Castelo de São Jorge",
      url: "https://castelodesaojorge.pt",
      group: "Sights",
    },
  },
  { type: "annotation", index: 77, source: { type: "file", title: "Lisbon notes", filename: "lisbon.pdf" } },
];

const RUNNING_STEPS = workflowItem({
  type: "reasoning",
  expanded: false,
  tasks: [{ type: "thought", title: "Choosing a viewpoint", content: "", status_indicator: "loading" }],
});
const RUNNING_IMAGE = imageItem({ progress: 0.35 });

const LOREM = "A few more words that make the answer as long as answers are. ".repeat(6);

const CARD = {
  type: "Card",
  size: "sm",
  children: [
    { type: "Title", value: "Flight to Lisbon", size: "sm" },
    { type: "Text", value: "Berlin BER → Lisbon LIS, 27 November, 08:40", color: "secondary", size: "sm" },
    { type: "Button", label: "Choose a seat", style: "primary", onClickAction: { type: "seat" } },
  ],
};

const full: Partial<ResolvedOptions> = {
  threadItemActions: { feedback: true, retry: true },
  disclaimer: { text: "Answers can be wrong. See our [terms](https://example.com).", highContrast: false },
  composer: {
    ...plainOptions.composer,
    attachments: { maxSize: 100, maxCount: 10, accept: null },
    dictation: true,
    models: [
      { id: "fast", label: "Swift", description: "Quick answers" },
      { id: "deep", label: "Thorough", description: "Thinks longer" },
    ],
    tools: [
      { id: "web", label: "Search the web", shortLabel: "Search", icon: "globe" },
      { id: "study", label: "Study with me", icon: "book-open", pinned: true },
    ],
  },
};

const composer = { ...initialState.composer, toolId: "web", modelId: "fast" };

/** Queries of mention searches in the order of their answers. */
export const answered: string[] = [];
export const asked: string[] = [];

export const SCREENS: Readonly<Record<string, Screen>> = {
  start: {
    options: {
      ...full,
      startScreen: {
        greeting: null,
        prompts: [
          { label: "Plan three days in Lisbon", prompt: "Plan", icon: "map-pin" },
          { label: "Explain a formula step by step", prompt: "Explain", icon: "lightbulb" },
          {
            label: "Draft an email to my landlord about the heating that stopped working",
            prompt: "Draft",
            icon: "mail",
          },
          { label: "Compare these two contracts", prompt: "Compare", icon: "document" },
        ],
      },
    },
  },
  answer: {
    options: full,
    state: {
      ...inThread([userItem("Plan three days in Lisbon for me, with some maths."), answerItem(LONG_ANSWER)]),
      composer,
    },
  },
  items: {
    options: full,
    state: inThread([
      userItem("Find me a flight and show what you did", {
        quoted_text: "Locals avoid both after noon.",
        attachments: [
          { type: "file", id: "a", name: "Itinerary november.pdf", mime_type: "application/pdf" },
        ],
      }),
      workflowItem({
        type: "custom",
        expanded: true,
        summary: { title: "Compared 3 airlines", icon: "search" },
        tasks: [
          {
            type: "web_search",
            title: "Looked for direct flights",
            queries: ["BER LIS november", "direct flights Lisbon"],
            sources: [{ type: "url", title: "TAP", url: "https://www.flytap.com" }],
            status_indicator: "complete",
          },
          {
            type: "thought",
            title: "Weighed price against sleep",
            content: "The 06:10 is *cheap*, but cruel.",
            status_indicator: "complete",
          },
          {
            type: "file",
            title: "Read the itinerary",
            sources: [{ type: "file", title: "Itinerary", filename: "itinerary.pdf" }],
          },
        ],
      }),
      answerItem(CITED, ANNOTATIONS),
      widgetItem(CARD),
    ]),
  },
  running: {
    options: full,
    state: {
      ...inThread([userItem("And a picture of the tram, please."), RUNNING_STEPS, RUNNING_IMAGE], {
        marks: { [RUNNING_STEPS.id]: { streaming: true }, [RUNNING_IMAGE.id]: { streaming: true } },
      }),
      turn: { phase: "streaming", allowCancel: true, startedAt: 0 },
    },
  },
  waiting: {
    options: full,
    state: { ...inThread([userItem("Hello?")]), turn: { phase: "waiting", allowCancel: true, startedAt: 0 } },
  },
  problems: {
    options: full,
    state: {
      ...inThread(
        [
          userItem("Book it."),
          taskItem({ type: "custom", title: "Asked the airline", icon: "phone" }),
          answerItem("I tried."),
        ],
        {
          notices: [
            { id: 1, level: "info", title: "Maintenance tonight", message: "Bookings pause at **22:00**." },
            { id: 2, level: "warning", title: null, message: "Your card expires soon." },
            {
              id: 3,
              level: "danger",
              title: "Payment refused",
              message: "See [your bank](https://example.com).",
            },
          ],
          error: { error: new Error("x"), code: "stream.error", allowRetry: true, requestId: "req_8f3a" },
        },
      ),
      toasts: [
        {
          id: 1,
          level: "danger",
          code: "attachment.too_large",
          params: { name: "video.mov", limit: 104857600 },
          error: null,
        },
      ],
    },
  },
  question: {
    options: full,
    state: inThread([
      userItem("Help me choose."),
      questionItem([
        {
          type: "multiple_choice",
          id: "q1",
          question: "What matters most for this trip?",
          options: [{ value: "Food" }, { value: "Museums" }, { value: "The sea" }],
          multiple: true,
        },
        { type: "freeform", id: "q2", question: "Anything else?", description: "Diets, budget, knees." },
      ]),
    ]),
  },
  approval: {
    options: full,
    state: inThread([
      userItem("Send it."),
      questionItem([
        {
          type: "multiple_choice",
          id: "call_1",
          question: `Allow “mail.send” with to: "ana@example.com", body: "${"Dear Ana, thank you for the tram tickets. ".repeat(30)}"?`,
          options: [{ value: "Approve" }, { value: "Deny" }],
          multiple: false,
        },
      ]),
    ]),
  },
  history: {
    options: full,
    state: {
      ...inThread([userItem("Hi")]),
      view: "history",
      history: {
        phase: "idle",
        hasMore: false,
        cursor: null,
        query: "",
        error: null,
        threads: [
          thread("thr_1", "Three days in Lisbon", ago(0)),
          thread("thr_2", undefined, ago(0)),
          thread(
            "thr_3",
            "Heating in the flat and a very long title that will not fit on one line of the panel",
            ago(1),
          ),
          thread("thr_4", "رسالة إلى المدرسة", ago(4)),
          thread("thr_5", "Tax return", ago(21)),
          thread("thr_6", "Name for a cat", ago(300)),
        ],
      },
    },
  },
  loading: { options: full, state: inThread([], { load: { phase: "loading", error: null } }) },
  failed: { options: full, state: inThread([], { load: { phase: "failed", error: new Error("x") } }) },
  locked: {
    options: full,
    state: inThread([userItem("Hi"), answerItem("Hello.")], {
      status: { type: "locked", reason: "A colleague is taking over" },
    }),
  },
  closed: {
    options: full,
    state: inThread([userItem("Hi"), answerItem("Hello.")], {
      status: { type: "closed", reason: "This case was solved on 3 November." },
    }),
  },
  draft: {
    options: full,
    state: {
      ...inThread([userItem("Hi"), answerItem("Hello, how can I help?")]),
      composer: {
        ...composer,
        draft: {
          quote: "Locals avoid both after noon.",
          content: [
            { type: "input_text", text: "Ask " },
            { type: "input_tag", id: "u1", text: "Ana Sousa", data: {} },
            { type: "input_text", text: " when she is free" },
          ],
        },
        attachments: [
          {
            key: "1",
            name: "Itinerary november.pdf",
            mimeType: "application/pdf",
            size: 1,
            phase: "done",
            attachment: null,
            file: null,
            error: null,
          },
          {
            key: "2",
            name: "photo.heic",
            mimeType: "image/heic",
            size: 1,
            phase: "uploading",
            attachment: null,
            file: null,
            error: null,
          },
          {
            key: "3",
            name: "scan.png",
            mimeType: "image/png",
            size: 1,
            phase: "failed",
            attachment: null,
            file: null,
            error: new Error("no"),
          },
        ],
      },
    },
  },
  composing: {
    options: {
      ...full,
      composer: { ...full.composer, models: [] } as ResolvedOptions["composer"],
      entities: {
        showComposerMenu: true,
        onClick: null,
        onRequestPreview: null,
        // The longer the query, the sooner the answer: an early question is answered late.
        onTagSearch: (query) =>
          new Promise((resolve) => {
            asked.push(query);
            const people = ["Ana Sousa", "Anders Holm", "Bea Kranz"].filter((name) =>
              name.toLowerCase().includes(query),
            );
            const entities = people.map((title) => ({
              id: `${query}:${title}`,
              title,
              group: title.slice(0, 1),
            }));
            setTimeout(
              () => {
                resolve(entities);
                answered.push(query);
              },
              query.length === 1 ? 900 : 20,
            );
          }),
      },
      commands: {
        enabled: true,
        onSearch: async (query) =>
          [
            { id: "sign", label: "Signature" },
            { id: "more", label: "More", group: "Menus" },
            { id: "void", label: "Void" },
          ].filter(({ label }) => label.toLowerCase().includes(query)),
        onSelect: async (command) => {
          if (command.id === "more")
            return { type: "menu", commands: [{ id: "sign", label: "Inner signature" }] };
          if (command.id === "sign") return { type: "entity", entity: { id: "sig", title: "My signature" } };
          return undefined;
        },
      },
    },
    state: inThread([userItem("Hi"), answerItem("Hello, how can I help?")]),
  },
  long: {
    options: full,
    state: inThread(
      Array.from({ length: 40 }, (_, index) => [
        userItem(`Question ${index}`),
        answerItem(`Answer ${index}. ${LOREM}`),
      ]).flat(),
      { older: { phase: "idle", hasMore: true, cursor: "x" } },
    ),
  },
  problem: {
    options: { problem: "The option `api` is missing: pass `api: { url, domainKey }` to setOptions()." },
  },
};
