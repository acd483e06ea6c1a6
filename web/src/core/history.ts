import { ChatKitError, isAbort, toError } from "../protocol/errors.ts";
import { parsePage, parseThreadMetadata } from "../protocol/guards.ts";
import type { ThreadMetadata } from "../protocol/types.ts";
import type { Kernel } from "./kernel.ts";
import type { HistoryState } from "./state.ts";

const PAGE = 20;

/** The list of threads: opening, paging, searching, renaming, deleting. */
export class History {
  readonly #kernel: Kernel;
  #loading: AbortController | null = null;
  #sorted = false;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  open(): void {
    const { store, emit } = this.#kernel;
    if (store.now.view === "history") return;
    store.update((state) => ({ ...state, view: "history" }));
    emit("history.open", undefined);
    void this.#list("");
  }

  close(): void {
    const { store, emit } = this.#kernel;
    if (store.now.view !== "history") return;
    store.update((state) => ({ ...state, view: "chat" }));
    emit("history.close", undefined);
  }

  search(query: string): Promise<void> {
    return this.#list(query);
  }

  async more(): Promise<void> {
    const { history } = this.#kernel.store.now;
    if (history.phase !== "idle" || !history.hasMore) return;
    await this.#fetch(history.query, history.cursor);
  }

  /** A thread that the server told about: created, renamed, changed. */
  upsert(thread: ThreadMetadata): void {
    this.#set((history) => {
      const known = history.threads.some(({ id }) => id === thread.id);
      const { id, title, created_at, status } = thread;
      const row: ThreadMetadata = { id, created_at, status, ...(title === undefined ? {} : { title }) };
      const threads = known
        ? history.threads.map((one) => (one.id === id ? { ...one, ...row } : one))
        : [row, ...history.threads];
      return { ...history, threads };
    });
  }

  async rename(threadId: string, title: string): Promise<void> {
    const { client, store } = this.#kernel;
    const before = store.now;
    this.#title(threadId, title);
    try {
      await client.single(
        { type: "threads.update", params: { thread_id: threadId, title } },
        new AbortController().signal,
      );
    } catch (thrown) {
      const old = before.history.threads.find(({ id }) => id === threadId)?.title ?? before.thread.title;
      this.#title(threadId, old ?? null);
      this.#failed("history.rename_failed", thrown);
    }
  }

  /** Takes the row away at once and puts it back when the server refuses. True when the thread is gone. */
  async remove(threadId: string): Promise<boolean> {
    const { client, store } = this.#kernel;
    const at = store.now.history.threads.findIndex(({ id }) => id === threadId);
    const row = store.now.history.threads[at];
    this.#set((history) => ({ ...history, threads: history.threads.filter(({ id }) => id !== threadId) }));
    try {
      await client.single(
        { type: "threads.delete", params: { thread_id: threadId } },
        new AbortController().signal,
      );
      return true;
    } catch (thrown) {
      if (row !== undefined)
        this.#set((history) => ({ ...history, threads: history.threads.toSpliced(at, 0, row) }));
      this.#failed("history.delete_failed", thrown);
      return false;
    }
  }

  #title(threadId: string, title: string | null): void {
    this.#kernel.store.update((state) => ({
      ...state,
      thread: state.thread.id === threadId ? { ...state.thread, title } : state.thread,
      history: {
        ...state.history,
        threads: state.history.threads.map((row) =>
          row.id === threadId && title !== null ? { ...row, title } : row,
        ),
      },
    }));
  }

  #list(query: string): Promise<void> {
    this.#set((history) => ({ ...history, query, hasMore: false, cursor: null }));
    return this.#fetch(query, null);
  }

  async #fetch(query: string, after: string | null): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    this.#set((history) => ({ ...history, phase: after === null ? "loading" : "loading_more", error: null }));
    // One list is read in one order to its end, also when the server shows only now that it can do more.
    if (after === null) this.#sorted = this.#kernel.client.extended;
    // A plain server knows neither searching nor sorting; the screen filters what is loaded.
    const search = this.#sorted ? { sort: "updated_at", ...(query === "" ? {} : { query }) } : {};
    const params = { limit: PAGE, order: "desc", ...search, ...(after === null ? {} : { after }) };
    try {
      const page = parsePage(
        await this.#kernel.client.single({ type: "threads.list", params }, loading.signal),
        parseThreadMetadata,
      );
      if (page === null) throw new ChatKitError("response.invalid", "The list of threads is no page");
      const cursor = page.after ?? null;
      this.#set((history) => ({
        ...history,
        phase: "idle",
        threads: after === null ? page.data : joined(history.threads, page.data),
        hasMore: page.has_more && cursor !== null,
        cursor,
      }));
    } catch (thrown) {
      const error = toError(thrown);
      if (isAbort(error)) return;
      this.#set((history) => ({ ...history, phase: "failed", error }));
      this.#kernel.report(error);
    }
  }

  #failed(code: string, thrown: unknown): void {
    const error = toError(thrown);
    this.#kernel.toast("danger", code, {}, error);
  }

  #set(change: (history: HistoryState) => HistoryState): void {
    this.#kernel.store.update((state) => ({ ...state, history: change(state.history) }));
  }
}

function joined(
  before: readonly ThreadMetadata[],
  page: readonly ThreadMetadata[],
): readonly ThreadMetadata[] {
  const known = new Set(before.map(({ id }) => id));
  return [...before, ...page.filter(({ id }) => !known.has(id))];
}
