import { IntegrationError, NetworkError, toError } from "../protocol/errors.ts";
import type { StructuredInputSubmission, UserMessageContent, UserMessageItem } from "../protocol/types.ts";
import type { MessageInput } from "./api.ts";
import { mark, unmark } from "./apply.ts";
import type { Composer } from "./composer.ts";
import { isEmpty, optimisticItem, wireInput } from "./content.ts";
import { type Kernel, randomId } from "./kernel.ts";
import { emptyThread, isBusy, type ThreadState } from "./state.ts";
import type { TurnPlan, Turns } from "./turn.ts";

interface Sent {
  readonly input: MessageInput;
  readonly requestId: string;
}

/** Everything that asks for an answer: messages, retries, edits, structured input; and feedback on one. */
export class Messages {
  readonly #kernel: Kernel;
  readonly #turns: Turns;
  readonly #composer: Composer;
  /** Bodies of messages that have not arrived, by local id: sent again as they were. */
  readonly #unsent = new Map<string, Sent>();

  constructor(kernel: Kernel, turns: Turns, composer: Composer) {
    this.#kernel = kernel;
    this.#turns = turns;
    this.#composer = composer;
  }

  submitDraft(): Promise<void> {
    if (!this.#composer.canSubmit()) return Promise.resolve();
    const input = this.#composer.message();
    this.#composer.clear();
    return this.send(input);
  }

  /** Resolves when the server has the message. */
  async send(input: MessageInput): Promise<void> {
    this.#requireIdle("sendUserMessage");
    if (isEmpty(input))
      throw new IntegrationError("message.empty", "A message needs text, content or attachments");
    const { store, emit, log } = this.#kernel;
    if (input.newThread && store.now.thread.id !== null) {
      store.update((state) => ({ ...state, thread: emptyThread }));
      emit("thread.change", { threadId: null });
    }
    const { status, id } = store.now.thread;
    if (status.type !== "active")
      throw new IntegrationError(
        `thread.${status.type}`,
        `This thread is ${status.type} and takes no messages`,
      );
    const localId = randomId("local");
    this.#unsent.set(localId, { input, requestId: randomId("req") });
    log("composer.submit", {
      attachments: input.attachments?.length ?? 0,
      tool: input.toolChoice?.id ?? null,
    });
    const item = optimisticItem(localId, id, input);
    store.update((state) => ({
      ...state,
      thread: { ...state.thread, items: [...state.thread.items, item] },
    }));
    await this.#dispatch(localId);
  }

  async resend(localId: string): Promise<void> {
    if (!this.#unsent.has(localId)) return;
    this.#requireIdle("resend");
    await this.#dispatch(localId);
  }

  discard(localId: string): void {
    const sent = this.#unsent.get(localId);
    this.#unsent.delete(localId);
    this.#kernel.store.update((state) => ({
      ...state,
      thread: {
        ...unmark(state.thread, localId, ["failed", "sending"]),
        items: state.thread.items.filter(({ id }) => id !== localId),
      },
    }));
    if (sent === undefined || !isEmpty(this.#composer.message())) return;
    this.#composer.write(sent.input.content);
    this.#composer.quote(sent.input.quote ?? null);
    this.#composer.setAttachments(sent.input.attachments ?? []);
  }

  /** Another answer to that user message; the old one stays until the new one is there. */
  async retryAfter(userItemId?: string): Promise<void> {
    this.#requireIdle("retry");
    const { store } = this.#kernel;
    const { id: threadId, items } = store.now.thread;
    const at = items.findLastIndex(
      (item) => item.type === "user_message" && (userItemId === undefined || item.id === userItemId),
    );
    const item = items[at];
    if (threadId === null || item === undefined)
      throw new IntegrationError("item.not_found", "There is no message to answer again");
    store.update((state) => ({ ...state, thread: markStale(state.thread, at) }));
    await this.#turns.start({
      request: (requestId) => ({
        type: "threads.retry_after_item",
        params: { thread_id: threadId, item_id: item.id, ...this.#idempotent(requestId) },
      }),
    }).ended;
  }

  async edit(userItemId: string, content: readonly UserMessageContent[]): Promise<void> {
    this.#requireIdle("editMessage");
    const { store } = this.#kernel;
    const { id: threadId, items } = store.now.thread;
    const at = items.findIndex(({ id }) => id === userItemId);
    const before = items[at];
    if (threadId === null || before?.type !== "user_message")
      throw new IntegrationError("item.not_found", "There is no such message");
    const { tool_choice, model } = before.inference_options;
    const input: MessageInput = {
      content,
      quote: before.quoted_text ?? null,
      attachments: before.attachments,
      toolChoice: tool_choice ?? null,
      model: model ?? null,
    };
    const localId = randomId("local");
    const whole = store.now.thread;
    store.update((state) => ({
      ...state,
      thread: mark(
        { ...state.thread, items: [...items.slice(0, at), optimisticItem(localId, threadId, input)] },
        localId,
        { sending: true },
      ),
    }));
    const turn = this.#turns.start({
      localId,
      request: (requestId) => ({
        type: "threads.edit_message",
        params: {
          thread_id: threadId,
          item_id: userItemId,
          input: wireInput(input),
          client_request_id: requestId,
        },
      }),
    });
    await turn.accepted.catch((error: unknown) => {
      // Nothing was branched: the thread is what it was.
      store.update((state) =>
        state.thread.id === threadId ? { ...state, thread: { ...whole, error: state.thread.error } } : state,
      );
      throw error;
    });
    await turn.ended;
  }

  async submitStructuredInput(itemId: string, submission: StructuredInputSubmission): Promise<void> {
    this.#requireIdle("submitStructuredInput");
    const threadId = this.#kernel.store.now.thread.id;
    if (threadId === null) throw new IntegrationError("thread.not_found", "There is no thread to answer in");
    await this.#turns.start({
      request: (requestId) => ({
        type: "threads.add_structured_input",
        params: { thread_id: threadId, item_id: itemId, input: submission, ...this.#idempotent(requestId) },
      }),
    }).ended;
  }

  async feedback(itemIds: readonly string[], kind: "positive" | "negative"): Promise<void> {
    const { store, client, toast } = this.#kernel;
    const before = store.now.thread;
    if (before.id === null) return;
    const set = (value: "positive" | "negative" | undefined, id: string, thread: ThreadState): ThreadState =>
      value === undefined ? unmark(thread, id, ["feedback"]) : mark(thread, id, { feedback: value });
    store.update((state) => ({
      ...state,
      thread: itemIds.reduce((thread, id) => set(kind, id, thread), state.thread),
    }));
    try {
      const params = { thread_id: before.id, item_ids: itemIds, kind };
      await client.single({ type: "items.feedback", params }, new AbortController().signal);
    } catch (thrown) {
      store.update((state) => ({
        ...state,
        thread: itemIds.reduce((thread, id) => set(before.marks[id]?.feedback, id, thread), state.thread),
      }));
      toast("danger", "feedback.failed", {}, toError(thrown));
    }
  }

  async #dispatch(localId: string): Promise<void> {
    const sent = this.#unsent.get(localId);
    if (sent === undefined) return;
    const { store } = this.#kernel;
    store.update((state) => ({
      ...state,
      thread: mark(unmark(state.thread, localId, ["failed"]), localId, { sending: true }),
    }));
    const turn = this.#turns.start(this.#plan(localId, sent));
    void this.#afterwards(localId, turn.ended);
    const item = await turn.accepted.catch((error: unknown) => {
      // Without an answer the message may have arrived: the same id keeps it from arriving twice. After an answer it is a
      // new attempt, or the server would repeat what it said.
      if (!(error instanceof NetworkError))
        this.#unsent.set(localId, { ...sent, requestId: randomId("req") });
      throw error;
    });
    if (item === null) throw new IntegrationError("stopped", "The message was stopped before it arrived");
    this.#unsent.delete(localId);
    this.#sent(item);
  }

  #plan(localId: string, { input, requestId }: Sent): TurnPlan {
    return {
      localId,
      requestId,
      request: () => {
        const threadId = this.#kernel.store.now.thread.id;
        const params = { input: wireInput(input), ...this.#idempotent(requestId) };
        return threadId === null
          ? { type: "threads.create", params }
          : { type: "threads.add_user_message", params: { thread_id: threadId, ...params } };
      },
      // The message is there, so only its answer is asked for again.
      retry: () => this.retryAfter(),
    };
  }

  async #afterwards(localId: string, ended: Promise<void>): Promise<void> {
    await ended;
    const { marks } = this.#kernel.store.now.thread;
    if (marks[localId] === undefined) this.#unsent.delete(localId);
  }

  #sent(item: UserMessageItem): void {
    this.#kernel.emit("message.sent", {
      threadId: this.#kernel.store.now.thread.id ?? item.thread_id,
      itemId: item.id,
    });
  }

  #idempotent(requestId: string): { client_request_id?: string } {
    return this.#kernel.client.extended ? { client_request_id: requestId } : {};
  }

  #requireIdle(what: string): void {
    if (isBusy(this.#kernel.store.now)) {
      throw new IntegrationError(
        "busy",
        `${what} was called while a thread loads or an answer is being written`,
      );
    }
  }
}

function markStale(thread: ThreadState, after: number): ThreadState {
  const stale = thread.items.slice(after + 1);
  return stale.reduce<ThreadState>((marked, { id }) => mark(marked, id, { stale: true }), thread);
}
