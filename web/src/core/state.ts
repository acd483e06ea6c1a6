/**
 * Everything a screen reads, as plain immutable values. A part that did not change keeps its identity, so `===` decides
 * what is drawn again.
 */
import type {
  Attachment,
  MessageVersions,
  NoticeLevel,
  ThreadItem,
  ThreadMetadata,
  ThreadStatus,
  UserMessageContent,
} from "../protocol/types.ts";

export interface ChatState {
  readonly view: "chat" | "history";
  readonly thread: ThreadState;
  readonly turn: TurnState;
  readonly composer: ComposerState;
  readonly history: HistoryState;
  /** Short messages that float over the chat and go away. */
  readonly toasts: readonly Toast[];
  /** Widget actions on their way, for loading states. */
  readonly actions: readonly PendingAction[];
  /** False while the page asks for a chat that takes no input. */
  readonly disabled: boolean;
}

export interface ThreadState {
  /** null: the new-thread view, nothing sent yet. */
  readonly id: string | null;
  readonly title: string | null;
  readonly createdAt: string | null;
  readonly status: ThreadStatus;
  readonly allowedImageDomains: readonly string[] | null;
  /** Of each of its messages that has other versions. */
  readonly branches: readonly MessageVersions[];
  readonly load: { readonly phase: "idle" | "loading" | "failed"; readonly error: Error | null };
  /** Oldest first, only what a person may see. The person's own unsent message is here too, see `marks`. */
  readonly items: readonly ThreadItem[];
  /** What is known about an item beyond the wire, by item id; absent for most. */
  readonly marks: Readonly<Record<string, ItemMark>>;
  readonly older: {
    readonly phase: "idle" | "loading" | "failed";
    readonly hasMore: boolean;
    readonly cursor: string | null;
  };
  readonly notices: readonly Notice[];
  readonly progress: Progress | null;
  /** The error block at the end of the thread. */
  readonly error: TurnError | null;
}

export interface ItemMark {
  /** Key for the view when the item was first shown under another id (an optimistic message). */
  readonly key?: string;
  /** Still being written by the stream. */
  readonly streaming?: true;
  /** On its way to the server. */
  readonly sending?: true;
  /** Did not arrive; `session.resend(id)` and `session.discard(id)` act on it. */
  readonly failed?: Error;
  /** The old answer, kept until the first item of the new one arrives. */
  readonly stale?: true;
  readonly feedback?: "positive" | "negative";
  /** Server-side complaints of a form, by field name. */
  readonly fieldErrors?: Readonly<Record<string, string>>;
}

export interface Notice {
  readonly id: number;
  readonly level: NoticeLevel;
  readonly message: string;
  readonly title: string | null;
}

export interface Progress {
  readonly text: string;
  readonly icon: string | null;
}

export interface TurnError {
  readonly error: Error;
  /** `stream.error`, `custom`, `http.500`, … : the screen's words depend on it; `custom` shows the error's own message. */
  readonly code: string;
  /** Whether `session.retryTurn()` can do something. */
  readonly allowRetry: boolean;
  readonly requestId: string | null;
}

export interface TurnState {
  /**
   * - `idle`: nothing runs.
   * - `waiting`: asked, and no visible answer yet; show the waiting indicator.
   * - `streaming`: an answer is being written.
   * - `tool`: the page runs a client tool; show the waiting indicator.
   * - `resuming`: the line was lost and is being taken up again.
   */
  readonly phase: "idle" | "waiting" | "streaming" | "tool" | "resuming";
  /** Whether a Stop button is offered. */
  readonly allowCancel: boolean;
  /** Milliseconds since the epoch, or null when idle. */
  readonly startedAt: number | null;
}

export interface ComposerState {
  readonly draft: Draft;
  /**
   * Grows when the draft was changed by something else than the editor (a method, sending, a command): the editor shows
   * `draft` again when it grows and ignores every other change.
   */
  readonly revision: number;
  readonly attachments: readonly DraftAttachment[];
  readonly toolId: string | null;
  readonly modelId: string | null;
  readonly dictation: "idle" | "recording" | "transcribing";
}

export interface Draft {
  readonly content: readonly UserMessageContent[];
  readonly quote: string | null;
}

export interface DraftAttachment {
  /** Local, stable for the life of the tile. */
  readonly key: string;
  readonly name: string;
  readonly mimeType: string;
  readonly size: number | null;
  readonly phase: "queued" | "uploading" | "done" | "failed";
  /** Present when done. */
  readonly attachment: Attachment | null;
  /** The file itself, for an object URL as preview; null when the page gave an uploaded attachment. */
  readonly file: File | null;
  readonly error: Error | null;
}

export interface HistoryState {
  readonly phase: "idle" | "loading" | "loading_more" | "failed";
  readonly threads: readonly ThreadMetadata[];
  readonly hasMore: boolean;
  readonly cursor: string | null;
  readonly query: string;
  /** Whether the server can search; when it cannot, the loaded rows are filtered here. */
  readonly error: Error | null;
}

export interface Toast {
  readonly id: number;
  readonly level: NoticeLevel;
  /** Which words to show: `attachment.too_large`, `attachment.too_many`, `attachment.type`, `upload.failed`, … */
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly error: Error | null;
}

export interface PendingAction {
  readonly id: number;
  readonly itemId: string | null;
  /** The node that started it, as the renderer names it. */
  readonly source: string | null;
  readonly loading: "self" | "container" | "none";
}

export const emptyThread: ThreadState = {
  id: null,
  title: null,
  createdAt: null,
  status: { type: "active" },
  allowedImageDomains: null,
  branches: [],
  load: { phase: "idle", error: null },
  items: [],
  marks: {},
  older: { phase: "idle", hasMore: false, cursor: null },
  notices: [],
  progress: null,
  error: null,
};

export const idleTurn: TurnState = { phase: "idle", allowCancel: true, startedAt: null };

export const emptyDraft: Draft = { content: [], quote: null };

export const initialState: ChatState = {
  view: "chat",
  thread: emptyThread,
  turn: idleTurn,
  composer: {
    draft: emptyDraft,
    revision: 0,
    attachments: [],
    toolId: null,
    modelId: null,
    dictation: "idle",
  },
  history: { phase: "idle", threads: [], hasMore: false, cursor: null, query: "", error: null },
  toasts: [],
  actions: [],
  disabled: false,
};

/** True while a thread loads or a turn runs: the rule by which methods reject and submit is blocked. */
export function isBusy(state: ChatState): boolean {
  return state.thread.load.phase === "loading" || state.turn.phase !== "idle";
}
