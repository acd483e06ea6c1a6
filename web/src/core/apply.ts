/** What a stream event makes of the whole chat state: the reducer for items, and what exists only on the screen. */
import { StreamError } from "../protocol/errors.ts";
import type { StreamEvent, ThreadItem, ThreadMetadata } from "../protocol/types.ts";
import { nextNumber } from "./kernel.ts";
import { reduceItems } from "./reduce.ts";
import type { ChatState, ItemMark, ThreadState, TurnError } from "./state.ts";

export function applyEvent(state: ChatState, event: StreamEvent): ChatState {
  const thread = applyToThread(state.thread, event);
  const answered = isVisibleAnswer(event) && state.turn.phase !== "idle";
  const phase = answered ? "streaming" : state.turn.phase;
  const allowCancel =
    event.type === "stream_options" ? event.stream_options.allow_cancel : state.turn.allowCancel;
  const turn =
    phase === state.turn.phase && allowCancel === state.turn.allowCancel
      ? state.turn
      : { ...state.turn, phase, allowCancel };
  return thread === state.thread && turn === state.turn ? state : { ...state, thread, turn };
}

function applyToThread(thread: ThreadState, event: StreamEvent): ThreadState {
  switch (event.type) {
    case "thread.created":
      return { ...withMetadata(thread, event.thread), error: null };
    case "thread.updated":
      return thread.id === event.thread.id ? withMetadata(thread, event.thread) : thread;
    case "progress_update":
      return { ...thread, progress: { text: event.text, icon: event.icon ?? null } };
    case "notice": {
      const notice = {
        id: nextNumber(),
        level: event.level,
        message: event.message,
        title: event.title ?? null,
      };
      return { ...thread, notices: [...thread.notices, notice] };
    }
    case "error":
      return { ...thread, error: turnError(event) };
    case "thread.item.updated":
      return event.update.type === "widget.field_errors"
        ? mark(thread, event.item_id, { fieldErrors: event.update.errors })
        : withItems(thread, event);
    default:
      return withItems(thread, event);
  }
}

function withItems(before: ThreadState, event: StreamEvent): ThreadState {
  if (event.type === "thread.item.removed" && before.marks[event.item_id]?.stale) return before;
  const thread = startsNewAnswer(before, event) ? dropStale(before) : before;
  const items = reduceItems(thread.items, event);
  const marked = withMark(items === thread.items ? thread : { ...thread, items }, event);
  return marked.progress !== null && isVisibleAnswer(event) ? { ...marked, progress: null } : marked;
}

function withMark(thread: ThreadState, event: StreamEvent): ThreadState {
  switch (event.type) {
    case "thread.item.added":
      return mark(thread, event.item.id, { streaming: true });
    case "thread.item.done":
    case "thread.item.replaced":
      return unmark(thread, event.item.id, ["streaming", "stale"]);
    case "thread.item.removed":
      return unmarkAll(thread, event.item_id);
    default:
      return thread;
  }
}

/** The old answer of a retry stays until something of the new one is there. */
function startsNewAnswer(thread: ThreadState, event: StreamEvent): boolean {
  if (event.type !== "thread.item.added" && event.type !== "thread.item.done") return false;
  return (
    isAnswer(event.item) &&
    thread.marks[event.item.id]?.stale === undefined &&
    Object.values(thread.marks).some(({ stale }) => stale)
  );
}

export function dropStale(thread: ThreadState): ThreadState {
  const stale = new Set(Object.keys(thread.marks).filter((id) => thread.marks[id]?.stale));
  if (stale.size === 0) return thread;
  const marks = Object.fromEntries(Object.entries(thread.marks).filter(([id]) => !stale.has(id)));
  return { ...thread, items: thread.items.filter(({ id }) => !stale.has(id)), marks };
}

export function withMetadata(thread: ThreadState, metadata: ThreadMetadata): ThreadState {
  return {
    ...thread,
    id: metadata.id,
    title: metadata.title ?? null,
    createdAt: metadata.created_at,
    status: metadata.status,
    allowedImageDomains: metadata.allowed_image_domains ?? null,
    branches: metadata.branches ?? [],
  };
}

/** Merges into an item's mark. */
export function mark(thread: ThreadState, id: string, change: ItemMark): ThreadState {
  return { ...thread, marks: { ...thread.marks, [id]: { ...thread.marks[id], ...change } } };
}

/** Takes names out of an item's mark; without a mark left, the entry goes too. */
export function unmark(thread: ThreadState, id: string, names: readonly (keyof ItemMark)[]): ThreadState {
  const before = thread.marks[id];
  if (before === undefined || !names.some((name) => name in before)) return thread;
  const kept = Object.entries(before).filter(([name]) => !names.some((gone) => gone === name));
  if (kept.length === 0) return unmarkAll(thread, id);
  return { ...thread, marks: { ...thread.marks, [id]: Object.fromEntries(kept) } };
}

function unmarkAll(thread: ThreadState, id: string): ThreadState {
  if (!(id in thread.marks)) return thread;
  const { [id]: _gone, ...marks } = thread.marks;
  return { ...thread, marks };
}

function turnError(event: Extract<StreamEvent, { type: "error" }>): TurnError {
  const error = new StreamError(event.code, event.message ?? event.code, event.allow_retry, {
    requestId: event.request_id,
  });
  return { error, code: event.code, allowRetry: event.allow_retry, requestId: event.request_id ?? null };
}

const QUIET = new Set<ThreadItem["type"]>(["user_message", "client_tool_call", "end_of_turn"]);

function isAnswer(item: ThreadItem): boolean {
  return !QUIET.has(item.type);
}

function isVisibleAnswer(event: StreamEvent): boolean {
  return (event.type === "thread.item.added" || event.type === "thread.item.done") && isAnswer(event.item);
}
