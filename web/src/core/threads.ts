import { ChatKitError, isAbort, NetworkError, toError } from "../protocol/errors.ts";
import { parseItem, parsePage, parseThread } from "../protocol/guards.ts";
import type { Thread, ThreadItem } from "../protocol/types.ts";
import { withMetadata } from "./apply.ts";
import type { Kernel } from "./kernel.ts";
import { emptyThread, isBusy, type ThreadState } from "./state.ts";

const PAGE = 50;

interface Loaded {
  readonly thread: Thread;
  readonly items: readonly ThreadItem[];
  readonly older: ThreadState["older"];
}

/** Opens, re-reads and pages threads. */
export class Threads {
  readonly #kernel: Kernel;
  #loading: AbortController | null = null;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Shows a thread, newest messages first to arrive. Answers the id of the run that is being answered there, if any. */
  async open(threadId: string | null): Promise<string | null> {
    const { store, emit } = this.#kernel;
    this.cancel();
    const changed = store.now.thread.id !== threadId;
    store.update((state) => ({
      ...state,
      thread:
        threadId === null
          ? emptyThread
          : { ...emptyThread, id: threadId, load: { phase: "loading", error: null } },
    }));
    if (changed) emit("thread.change", { threadId });
    if (threadId === null) return null;
    return this.#load(threadId);
  }

  cancel(): void {
    this.#loading?.abort();
    this.#loading = null;
  }

  async #load(threadId: string): Promise<string | null> {
    const { store, emit, report } = this.#kernel;
    const loading = new AbortController();
    this.#loading = loading;
    emit("thread.load.start", { threadId });
    try {
      const loaded = await this.#fetch(threadId, loading.signal);
      store.update((state) => ({ ...state, thread: shown(loaded) }));
      return loaded.thread.run?.id ?? null;
    } catch (thrown) {
      const error = toError(thrown);
      if (isAbort(error)) return null;
      store.update((state) => ({ ...state, thread: { ...state.thread, load: { phase: "failed", error } } }));
      report(error);
      throw error;
    } finally {
      if (this.#loading === loading) this.#loading = null;
      emit("thread.load.end", { threadId });
    }
  }

  /** The thread and its newest page: the first answer holds the oldest items, which is enough only when it holds all. */
  async #fetch(threadId: string, signal: AbortSignal): Promise<Loaded> {
    const { client } = this.#kernel;
    const thread = parseThread(
      await client.single({ type: "threads.get_by_id", params: { thread_id: threadId } }, signal),
    );
    if (thread === null)
      throw new ChatKitError("response.invalid", `The answer for thread ${threadId} is no thread`);
    if (!thread.items.has_more) return { thread, items: thread.items.data, older: emptyThread.older };
    const page = await this.#page(threadId, null, signal);
    return { thread, items: page.items, older: page.older };
  }

  async #page(
    threadId: string,
    after: string | null,
    signal: AbortSignal,
  ): Promise<Pick<Loaded, "items" | "older">> {
    const params = { thread_id: threadId, limit: PAGE, order: "desc", ...(after === null ? {} : { after }) };
    const answer = await this.#kernel.client.single({ type: "items.list", params }, signal);
    const page = parsePage(answer, parseItem);
    if (page === null)
      throw new ChatKitError("response.invalid", `The items of thread ${threadId} are no page`);
    const cursor = page.after ?? null;
    return {
      items: page.data.toReversed(),
      older: { phase: "idle", hasMore: page.has_more && cursor !== null, cursor },
    };
  }

  /** One page further back. A page may come out short or empty, because hidden items are left out: only `hasMore` counts. */
  async loadOlder(): Promise<void> {
    const { store, report } = this.#kernel;
    const { id, older } = store.now.thread;
    if (id === null || !older.hasMore || older.phase === "loading") return;
    const setPhase = (phase: ThreadState["older"]["phase"]): void =>
      store.update((state) => ({
        ...state,
        thread: { ...state.thread, older: { ...state.thread.older, phase } },
      }));
    setPhase("loading");
    const loading = new AbortController();
    try {
      const page = await this.#page(id, older.cursor, loading.signal);
      if (store.now.thread.id !== id) return;
      store.update((state) => {
        const known = new Set(state.thread.items.map((item) => item.id));
        const items = [...page.items.filter((item) => !known.has(item.id)), ...state.thread.items];
        return { ...state, thread: { ...state.thread, items, older: page.older } };
      });
    } catch (thrown) {
      if (store.now.thread.id === id) setPhase("failed");
      report(toError(thrown));
    }
  }

  /**
   * Reads the thread again and merges: what is equal keeps its identity, unsent messages stay. Answers its active run;
   * "overtaken" when a turn began meanwhile, which brings more than what was read.
   */
  async refresh(): Promise<string | null | "overtaken"> {
    const { store } = this.#kernel;
    const { id, items } = store.now.thread;
    if (id === null) return null;
    const loaded = await this.#fetch(id, new AbortController().signal);
    if (store.now.thread.id !== id) return null;
    if (isBusy(store.now)) return "overtaken";
    // What was read is older than what came and went meanwhile.
    if (store.now.thread.items !== items) return this.refresh();
    store.update((state) => ({ ...state, thread: merged(state.thread, loaded) }));
    return loaded.thread.run?.id ?? null;
  }
}

function shown({ thread, items, older }: Loaded): ThreadState {
  return { ...withMetadata(emptyThread, thread), items, older };
}

function merged(before: ThreadState, { thread, items, older }: Loaded): ThreadState {
  const local = unsent(before, items);
  const first = items[0];
  const overlap = first === undefined ? -1 : before.items.findIndex(({ id }) => id === first.id);
  // Pages loaded earlier stay in front, as long as the new page connects to them.
  const front = older.hasMore && overlap > 0 ? before.items.slice(0, overlap) : [];
  const known = new Map(before.items.map((item) => [item.id, item]));
  const next = [...front, ...items.map((item) => keepIdentity(known.get(item.id), item)), ...local];
  const ids = new Set(next.map(({ id }) => id));
  return {
    ...withMetadata(before, thread),
    items: next,
    marks: Object.fromEntries(Object.entries(before.marks).filter(([id]) => ids.has(id))),
    older: front.length > 0 ? before.older : older,
    load: emptyThread.load,
  };
}

/** Messages of this page that the server does not have. One whose answer got lost may have arrived all the same. */
function unsent(before: ThreadState, items: readonly ThreadItem[]): ThreadItem[] {
  const known = new Set(before.items.map(({ id }) => id));
  const arrived = items.filter(({ id, type }) => type === "user_message" && !known.has(id)).map(words);
  return before.items.filter((item) => {
    const mark = before.marks[item.id];
    if (mark?.sending) return true;
    if (!mark?.failed) return false;
    const at = mark.failed instanceof NetworkError ? arrived.indexOf(words(item)) : -1;
    if (at >= 0) arrived.splice(at, 1);
    return at < 0;
  });
}

function words(item: ThreadItem): string {
  const content = item.type === "user_message" ? item.content : [];
  return JSON.stringify(content.map((part) => [part.type, part.text]));
}

function keepIdentity(before: ThreadItem | undefined, after: ThreadItem): ThreadItem {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after;
}
