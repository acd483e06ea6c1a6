import { signal } from "@preact/signals";
import type { ChatSession } from "../core/api.ts";
import { type ChatState, emptyThread, initialState, isBusy, type ThreadState } from "../core/state.ts";
import type { ResolvedOptions } from "../element/options.ts";

/** One call a screen made of its session. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface StaticSession {
  readonly session: ChatSession;
  readonly calls: Call[];
  /** Shows another state. */
  show(change: Partial<ChatState>): void;
  showThread(change: Partial<ThreadState>): void;
}

/** A session that shows a given state and writes down what is asked of it: screens without a server. */
export function staticSession(start: Partial<ChatState> = {}): StaticSession {
  const state = signal<ChatState>({ ...initialState, ...start });
  const calls: Call[] = [];
  const show = (change: Partial<ChatState>): void => {
    state.value = { ...state.peek(), ...change };
  };
  const composer = (change: Partial<ChatState["composer"]>): void =>
    show({ composer: { ...state.peek().composer, ...change } });
  const effects: Readonly<Record<string, (...args: never[]) => unknown>> = {
    setDraft: (content: ChatState["composer"]["draft"]["content"]) =>
      composer({ draft: { ...state.peek().composer.draft, content } }),
    setQuote: (quote: string | null) => composer({ draft: { ...state.peek().composer.draft, quote } }),
    selectTool: (toolId: string | null) => composer({ toolId }),
    selectModel: (modelId: string) => composer({ modelId }),
    setDictation: (dictation: ChatState["composer"]["dictation"]) => composer({ dictation }),
    openHistory: () => show({ view: "history" }),
    closeHistory: () => show({ view: "chat" }),
    transcribe: () => Promise.resolve("the words"),
    canSubmit: () => {
      const { draft, attachments } = state.peek().composer;
      return !isBusy(state.peek()) && (draft.content.length > 0 || attachments.length > 0);
    },
  };
  const session = new Proxy({ state, canEdit: true } as unknown as ChatSession, {
    get(target, name) {
      if (name in target) return target[name as keyof ChatSession];
      return (...args: never[]) => {
        if (name !== "canSubmit") calls.push({ name: String(name), args });
        const effect = effects[String(name)];
        return effect ? effect(...args) : Promise.resolve("");
      };
    },
  });
  return {
    session,
    calls,
    show,
    showThread: (change) => show({ thread: { ...state.peek().thread, ...change } }),
  };
}

/** Options as the element gives them when the page asks for nothing. */
export const plainOptions: ResolvedOptions = {
  locale: "en",
  theme: {},
  frameTitle: null,
  header: { enabled: true, title: { enabled: true, text: null }, leftAction: null, rightAction: null },
  history: { enabled: true, showDelete: true, showRename: true },
  startScreen: { greeting: null, prompts: [] },
  threadItemActions: { feedback: false, retry: false },
  composer: { placeholder: null, attachments: null, tools: [], models: [], dictation: false },
  disclaimer: null,
  entities: { onTagSearch: null, showComposerMenu: false, onClick: null, onRequestPreview: null },
  commands: { enabled: false, onSearch: null, onSelect: null },
  thread: { autoScroll: false },
  markdown: { breaks: false, mermaid: null },
  disabled: false,
  layout: "fill",
  session: {
    api: {
      url: "http://127.0.0.1/chatkit",
      fetch: globalThis.fetch,
      uploadStrategy: null,
      getClientSecret: null,
    },
    locale: "en",
    initialThread: null,
    tools: [],
    models: [],
    attachments: null,
    historyEnabled: true,
    disabled: false,
    onClientTool: null,
    onAction: null,
  },
  problem: null,
};

export const startedThread: ThreadState = { ...emptyThread, id: "thr_1", title: "A trip to Lisbon" };
