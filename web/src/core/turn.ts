import type { Frame, WireRequest } from "../protocol/client.ts";
import { isAbort, NetworkError, StreamError, toError } from "../protocol/errors.ts";
import type { ClientToolCallItem, StreamEvent, UserMessageItem } from "../protocol/types.ts";
import { applyEvent, unmark } from "./apply.ts";
import { runClientTool, toolOutput } from "./client_tool.ts";
import { deferred } from "./deferred.ts";
import { failureOf } from "./failures.ts";
import { type Kernel, randomId } from "./kernel.ts";
import { type ChatState, idleTurn, isBusy, type ThreadState } from "./state.ts";

export interface TurnPlan {
  /** Built when it is sent, again for each try; the id lets a server that knows ids do it once. */
  request(requestId: string): WireRequest;
  /** The id to send with; without it every start has its own. */
  readonly requestId?: string;
  /** The optimistic message that the server's own will replace. */
  readonly localId?: string;
  /** False for a run that somebody else started (another tab, before a reload): its tools and effects are theirs. */
  readonly owned?: boolean;
  /** How Retry in the error block goes about it; without it the same request is made again. */
  retry?(): Promise<void>;
}

/** Waits between attempts to take up a lost line: about half a minute in all. */
const BACKOFF = [250, 500, 1000, 2000, 4000, 8000, 8000, 8000];
/** How long a server may take to wind up after Stop before the line is cut. */
const STOP_GRACE = 3000;
/** Silence after which a line is taken for dead when the page comes back: a server gives a sign of life twice in this time. */
const DEAD_AFTER = 30_000;

class Turn {
  readonly plan: TurnPlan;
  readonly requestId: string;
  readonly abort = new AbortController();
  readonly tools: ClientToolCallItem[] = [];
  readonly accepted = deferred<UserMessageItem | null>();
  lastId: string | null = null;
  frames = 0;
  isAccepted = false;
  stopped = false;
  failure: Error | null = null;
  /** The line that is being read; closing it alone leaves the turn to take it up again. */
  line = new AbortController();
  heardAt = Date.now();
  /** Something happened that the lines of this turn do not tell: it has to be read from the thread. */
  missed = false;

  constructor(plan: TurnPlan) {
    this.plan = plan;
    this.requestId = plan.requestId ?? randomId("req");
    this.accepted.promise.catch(() => undefined);
  }
}

/** Runs one turn at a time: the request, its stream, client tools in between, and taking up a line that was lost. */
export class Turns {
  readonly #kernel: Kernel;
  readonly #onThread: (event: Extract<StreamEvent, { type: "thread.created" | "thread.updated" }>) => void;
  readonly #reconcile: () => Promise<void>;
  readonly #askAgain: () => Promise<void>;
  #current: Turn | null = null;
  #failed: TurnPlan | null = null;

  constructor(
    kernel: Kernel,
    hooks: {
      onThread(event: Extract<StreamEvent, { type: "thread.created" | "thread.updated" }>): void;
      reconcile(): Promise<void>;
      /** Another answer to the last message. */
      askAgain(): Promise<void>;
    },
  ) {
    this.#kernel = kernel;
    this.#onThread = hooks.onThread;
    this.#reconcile = hooks.reconcile;
    this.#askAgain = hooks.askAgain;
  }

  get running(): boolean {
    return this.#current !== null;
  }

  /** Starts a turn. `accepted` settles with the user message (null when there is none), `ended` when all is over. */
  start(plan: TurnPlan): { accepted: Promise<UserMessageItem | null>; ended: Promise<void> } {
    const turn = new Turn(plan);
    this.#current = turn;
    this.#failed = null;
    this.#kernel.store.update((state) => ({
      ...state,
      turn: { phase: "waiting", allowCancel: true, startedAt: Date.now() },
      thread: { ...state.thread, error: null, notices: [], progress: null },
    }));
    this.#kernel.emit("response.start", undefined);
    return { accepted: turn.accepted.promise, ended: this.#run(turn) };
  }

  /** The error block's Retry. */
  async retry(): Promise<void> {
    const plan = this.#failed;
    if (plan === null || isBusy(this.#kernel.store.now)) return;
    // To resume again would read the same broken run: what is wanted is an answer.
    if (plan.owned === false) return this.#askAgain();
    if (plan.retry) return plan.retry();
    await this.start(plan).ended;
  }

  /** Asks the server to stop when it can be asked, else closes the line; a second call always closes it. */
  async stop(): Promise<void> {
    const turn = this.#current;
    if (turn === null) return;
    const { client, store, wait } = this.#kernel;
    const threadId = store.now.thread.id;
    const again = turn.stopped;
    turn.stopped = true;
    if (again || !client.extended || threadId === null || store.now.turn.phase === "tool")
      return turn.abort.abort();
    const run = turn.lastId?.replace(/:\d+$/, "");
    try {
      const params = { thread_id: threadId, ...(run === undefined ? {} : { run_id: run }) };
      await client.single({ type: "threads.stop", params }, turn.abort.signal);
      await wait(STOP_GRACE, turn.abort.signal);
    } catch (error) {
      if (!isAbort(error)) this.#kernel.report(toError(error));
    }
    turn.abort.abort();
  }

  /**
   * For a page that comes back from sleep or from another network: its line may be dead without the browser knowing. One
   * that has been silent for too long is taken up anew.
   */
  checkLine(): void {
    const turn = this.#current;
    if (turn === null || !this.#kernel.client.extended || Date.now() - turn.heardAt < DEAD_AFTER) return;
    turn.line.abort();
  }

  /** After the thread was read again: that the line was lost is no longer true of what is shown. */
  forgetLostLine(): void {
    this.#kernel.store.update((state) =>
      state.thread.error?.error instanceof NetworkError && !isBusy(state)
        ? { ...state, thread: { ...state.thread, error: null } }
        : state,
    );
  }

  /** Has the thread read again once the running turn is over. */
  readAfterwards(): void {
    if (this.#current !== null) this.#current.missed = true;
  }

  /** Lets go of the running turn without stopping it on servers that go on by themselves. */
  detach(): void {
    const turn = this.#current;
    if (turn === null) return;
    turn.stopped = true;
    turn.abort.abort();
    this.#end(turn);
  }

  async #run(turn: Turn): Promise<void> {
    try {
      await this.#converse(turn);
      this.#checkAccepted(turn);
    } catch (error) {
      if (!(turn.stopped || isAbort(error))) this.#fail(turn, toError(error));
    } finally {
      if (turn.failure === null) turn.accepted.resolve(null);
      else turn.accepted.reject(turn.failure);
      if (this.#current === turn) this.#end(turn);
    }
  }

  async #converse(turn: Turn): Promise<void> {
    await this.#follow(turn, turn.plan.request(turn.requestId));
    for (let call = turn.tools.shift(); call !== undefined && !turn.stopped; call = turn.tools.shift()) {
      this.#setPhase("tool");
      const outcome = await runClientTool(this.#kernel, call, turn.abort.signal);
      if (turn.stopped) return;
      this.#setPhase("waiting");
      turn.lastId = null;
      await this.#follow(turn, toolOutput(this.#kernel, call, outcome));
    }
  }

  /** Reads one answer to its end, over lost lines where the server keeps the run. */
  async #follow(turn: Turn, request: WireRequest): Promise<void> {
    let attempt = 0;
    for (let next: WireRequest | null = request; next !== null; ) {
      const before = turn.frames;
      const lost = await this.#read(turn, next);
      if (lost === null) {
        if (next !== request && turn.frames === before) turn.missed = true;
        return;
      }
      attempt = turn.frames > before ? 0 : attempt + 1;
      next = await this.#reconnect(turn, request, attempt, lost);
    }
  }

  /** null when the answer has ended; the error when the line was lost and can be taken up again. */
  async #read(turn: Turn, request: WireRequest): Promise<NetworkError | null> {
    const { client } = this.#kernel;
    turn.line = new AbortController();
    const signal = AbortSignal.any([turn.abort.signal, turn.line.signal]);
    const heard = (): void => {
      turn.heardAt = Date.now();
    };
    heard();
    try {
      for await (const frame of client.stream(request, signal, heard)) {
        turn.frames += 1;
        this.#take(turn, frame);
      }
      return null;
    } catch (error) {
      if (turn.line.signal.aborted && !turn.abort.signal.aborted)
        return new NetworkError("network.silent", "The line was dead when the page came back");
      if (error instanceof NetworkError && client.extended) return error;
      throw error;
    }
  }

  async #reconnect(
    turn: Turn,
    request: WireRequest,
    attempt: number,
    lost: NetworkError,
  ): Promise<WireRequest | null> {
    const pause = BACKOFF[attempt];
    if (pause === undefined) throw lost;
    this.#kernel.log("stream.resume", { attempt });
    this.#setPhase("resuming");
    await this.#kernel.wait(pause, turn.abort.signal);
    return turn.abort.signal.aborted ? null : (this.#resumption(turn) ?? request);
  }

  /** Without a frame seen, the request itself is made again: its id lets the server answer with the run it has. */
  #resumption(turn: Turn): WireRequest | null {
    const threadId = this.#kernel.store.now.thread.id;
    if (turn.lastId === null || threadId === null) return null;
    return { type: "threads.resume", params: { thread_id: threadId, after: turn.lastId } };
  }

  #take(turn: Turn, frame: Frame): void {
    if (this.#current !== turn || isRepeat(turn.lastId, frame.id)) return;
    turn.lastId = frame.id ?? turn.lastId;
    this.#kernel.log("stream.event", { type: frame.type });
    if (this.#kernel.store.now.turn.phase === "resuming") this.#setPhase("streaming");
    if (frame.event !== null) this.#handle(turn, frame.event);
  }

  #handle(turn: Turn, event: StreamEvent): void {
    const { store } = this.#kernel;
    if (event.type === "thread.item.done" && event.item.type === "user_message" && !turn.isAccepted) {
      this.#accept(turn, event.item);
      return;
    }
    const before = store.now.thread.id;
    store.stream((state) => applyEvent(state, event));
    if (event.type === "thread.created" || event.type === "thread.updated") this.#threadEvent(before, event);
    else if (event.type === "client_effect" && turn.plan.owned !== false) {
      store.commit();
      this.#kernel.emit("effect", { name: event.name, data: event.data });
    } else if (event.type === "error") this.#streamError(turn);
    else if (event.type === "thread.item.done" && turn.plan.owned !== false)
      this.#collectTool(turn, event.item);
  }

  #threadEvent(
    before: string | null,
    event: Extract<StreamEvent, { type: "thread.created" | "thread.updated" }>,
  ): void {
    this.#onThread(event);
    if (event.type !== "thread.created" || event.thread.id === before) return;
    this.#kernel.store.commit();
    this.#kernel.emit("thread.change", { threadId: event.thread.id });
  }

  #streamError(turn: Turn): void {
    const error = this.#kernel.store.now.thread.error?.error;
    if (error === undefined) return;
    turn.failure = error;
    this.#failed = turn.plan;
    this.#kernel.report(error);
  }

  #collectTool(turn: Turn, item: { type: string }): void {
    if (item.type !== "client_tool_call") return;
    const call = item as ClientToolCallItem;
    if (call.status !== "pending" || turn.tools.some(({ id }) => id === call.id)) return;
    // A plain server knows one pending call at a time, the newest.
    if (!this.#kernel.client.extended) turn.tools.length = 0;
    turn.tools.push(call);
  }

  /** The server's own user message takes the place of the optimistic one, under the same key. */
  #accept(turn: Turn, item: UserMessageItem): void {
    const { localId } = turn.plan;
    turn.isAccepted = true;
    this.#kernel.store.stream((state) => ({ ...state, thread: acceptItem(state.thread, localId, item) }));
    turn.accepted.resolve(item);
  }

  #checkAccepted(turn: Turn): void {
    if (turn.plan.localId === undefined || turn.isAccepted || turn.stopped || turn.failure !== null) return;
    throw new NetworkError("network.ended", "The server closed the stream before it took the message");
  }

  #fail(turn: Turn, error: Error): void {
    turn.failure = error;
    this.#failed = turn.plan;
    turn.accepted.reject(error);
    const { localId } = turn.plan;
    const inBubble = localId !== undefined && !turn.isAccepted;
    this.#kernel.store.update((state) => ({
      ...state,
      thread: inBubble
        ? failItem(state.thread, localId, error)
        : { ...state.thread, error: failureOf(error) },
    }));
    this.#kernel.report(error);
  }

  #end(turn: Turn): void {
    this.#current = null;
    const { store } = this.#kernel;
    const { localId } = turn.plan;
    if (localId !== undefined && !turn.isAccepted && turn.failure !== null) {
      store.stream((state) => ({
        ...state,
        thread: failItem(state.thread, localId, turn.failure ?? new Error()),
      }));
    }
    const unsettled = turn.missed || Object.values(store.now.thread.marks).some(({ stale }) => stale);
    store.update((state) => settle(state, localId));
    this.#kernel.emit("response.end", undefined);
    if (unsettled && !(turn.failure instanceof NetworkError)) void this.#reconcile();
  }

  #setPhase(phase: ChatState["turn"]["phase"]): void {
    this.#kernel.store.update((state) => ({ ...state, turn: { ...state.turn, phase } }));
  }
}

/** Frames are numbered by run: one that was already taken is passed over. */
function isRepeat(last: string | null, id: string | null): boolean {
  if (last === null || id === null) return false;
  const [, lastRun, lastNumber] = /^(.*):(\d+)$/.exec(last) ?? [];
  const [, run, number] = /^(.*):(\d+)$/.exec(id) ?? [];
  return run !== undefined && run === lastRun && Number(number) <= Number(lastNumber);
}

function acceptItem(thread: ThreadState, localId: string | undefined, item: UserMessageItem): ThreadState {
  const others = thread.items.filter(({ id }) => id !== item.id || id === localId);
  const at = localId === undefined ? -1 : others.findIndex(({ id }) => id === localId);
  const known = thread.items.findIndex(({ id }) => id === item.id);
  if (at < 0 || localId === undefined) {
    return { ...thread, items: known < 0 ? [...thread.items, item] : thread.items.with(known, item) };
  }
  const { [localId]: _gone, ...marks } = thread.marks;
  return {
    ...thread,
    items: others.with(at, item),
    marks: { ...marks, [item.id]: { ...marks[item.id], key: localId } },
  };
}

function failItem(thread: ThreadState, id: string, error: Error): ThreadState {
  const known = thread.items.some((item) => item.id === id);
  return known ? { ...thread, marks: { ...thread.marks, [id]: { failed: error } } } : thread;
}

/** Nothing is in progress after a turn. A message that was stopped before it arrived counts as not sent. */
function settle(state: ChatState, localId: string | undefined): ChatState {
  let thread: ThreadState = { ...state.thread, progress: null };
  for (const id of Object.keys(thread.marks)) thread = unmark(thread, id, ["streaming", "stale"]);
  if (localId !== undefined && thread.marks[localId]?.sending) {
    const stopped = new StreamError("stopped", "Stopped before the message arrived", true);
    thread = failItem(thread, localId, stopped);
  }
  return { ...state, thread, turn: idleTurn };
}
