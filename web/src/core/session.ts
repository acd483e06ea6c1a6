import type { ReadonlySignal } from "@preact/signals-core";
import { ProtocolClient } from "../protocol/client.ts";
import { IntegrationError, isAbort, NetworkError, toError } from "../protocol/errors.ts";
import { isRecord } from "../protocol/fields.ts";
import type { NoticeLevel, StructuredInputSubmission, UserMessageContent } from "../protocol/types.ts";
import type { ActionRequest, ChatSession, MessageInput } from "./api.ts";
import { Composer } from "./composer.ts";
import { History } from "./history.ts";
import { type Emit, type Kernel, nextNumber, type Wait } from "./kernel.ts";
import { Messages } from "./messages.ts";
import type { SessionOptions } from "./options.ts";
import { Performing } from "./performing.ts";
import { type ChatState, type ComposerState, isBusy } from "./state.ts";
import { type Scheduler, StateStore } from "./store.ts";
import { Threads } from "./threads.ts";
import { Turns } from "./turn.ts";

export interface Surroundings {
  readonly emit: Emit;
  readonly schedule: Scheduler;
  readonly wait: Wait;
}

/** One chat: its state, and all that can be done with it. No document is needed. */
export class Session implements ChatSession {
  readonly composer: Composer;
  readonly #store: StateStore;
  readonly #client: ProtocolClient;
  readonly #kernel: Kernel;
  readonly #threads: Threads;
  readonly #turns: Turns;
  readonly #messages: Messages;
  readonly #performing: Performing;
  readonly #history: History;
  #options: SessionOptions;

  constructor(options: SessionOptions, { emit, schedule, wait }: Surroundings) {
    this.#options = options;
    this.#store = new StateStore(schedule);
    const log = (name: string, data?: Record<string, unknown>): void =>
      emit("log", data === undefined ? { name } : { name, data });
    this.#client = new ProtocolClient(() => ({ ...this.#options.api, locale: this.#options.locale }), log);
    this.#kernel = {
      store: this.#store,
      client: this.#client,
      wait,
      emit,
      log,
      options: () => this.#options,
      report: (error) => emit("error", { error }),
      toast: (level, code, params, error) => this.toast(level, code, params, error),
    };
    this.#threads = new Threads(this.#kernel);
    this.#history = new History(this.#kernel);
    this.#turns = new Turns(this.#kernel, {
      onThread: (event) => this.#history.upsert(event.thread),
      reconcile: async () => void (await this.#catchUp()),
      askAgain: () => this.#messages.retryAfter(),
    });
    this.composer = new Composer(this.#kernel);
    this.#messages = new Messages(this.#kernel, this.#turns, this.composer);
    this.#performing = new Performing(this.#kernel, this.#turns);
    this.configure(options);
  }

  get state(): ReadonlySignal<ChatState> {
    return this.#store.committed;
  }

  get busy(): boolean {
    return isBusy(this.#store.now);
  }

  get canEdit(): boolean {
    return this.#client.extended;
  }

  /** New options; thread, draft and a running turn stay. */
  configure(options: SessionOptions): void {
    this.#options = options;
    this.composer.reconcile();
    if (this.#store.now.disabled !== options.disabled)
      this.#store.update((state) => ({ ...state, disabled: options.disabled }));
    if (!options.historyEnabled) this.#history.close();
  }

  /** Ends everything that runs; the state stays readable. */
  dispose(): void {
    this.#threads.cancel();
    this.#turns.detach();
    this.composer.attachments.clear();
  }

  /** For a chat that opens: a client secret takes a while, and a page that cannot give one should know at once. */
  async prepare(): Promise<void> {
    try {
      await this.#client.prepare();
    } catch (error) {
      this.report(toError(error));
    }
  }

  async openThread(threadId: string | null): Promise<void> {
    if (
      threadId !== null &&
      threadId === this.#store.now.thread.id &&
      this.#store.now.thread.load.phase !== "failed"
    )
      return;
    this.#turns.detach();
    const run = await this.#threads.open(threadId);
    if (threadId !== null && run !== null) this.#follow(threadId);
  }

  async reloadThread(): Promise<void> {
    const { id } = this.#store.now.thread;
    if (id === null) return;
    const run = await this.#threads.open(id);
    if (run !== null) this.#follow(id);
  }

  loadOlder(): Promise<void> {
    return this.#threads.loadOlder();
  }

  async fetchUpdates(): Promise<void> {
    const { id } = this.#store.now.thread;
    const run = await this.#threads.refresh();
    if (run === "overtaken") this.#turns.readAfterwards();
    else if (id !== null && run !== null && !this.busy) this.#follow(id);
  }

  /** For a page that comes back into view: what another tab or the server did meanwhile. Quiet about failures. */
  async catchUp(): Promise<void> {
    const { id, load } = this.#store.now.thread;
    if (id === null) return;
    if (load.phase === "failed") {
      if (load.error instanceof NetworkError) await this.reloadThread().catch(() => undefined);
      return;
    }
    if (!this.#client.extended) return;
    if (this.busy) return this.#turns.checkLine();
    if (await this.#catchUp()) this.#turns.forgetLostLine();
  }

  submitDraft(): Promise<void> {
    return this.#messages.submitDraft();
  }

  sendMessage(input: MessageInput): Promise<void> {
    return this.#messages.send(input);
  }

  resend(localItemId: string): Promise<void> {
    return this.#messages.resend(localItemId);
  }

  discard(localItemId: string): void {
    this.#messages.discard(localItemId);
  }

  retryTurn(): Promise<void> {
    return this.#turns.retry();
  }

  retryAfter(userItemId?: string): Promise<void> {
    return this.#messages.retryAfter(userItemId);
  }

  async editMessage(userItemId: string, content: readonly UserMessageContent[]): Promise<void> {
    await this.#messages.edit(userItemId, content);
    // What came before is copied into the new thread, under ids of its own.
    await this.#catchUp();
  }

  stop(): Promise<void> {
    return this.#turns.stop();
  }

  sendFeedback(itemIds: readonly string[], kind: "positive" | "negative"): Promise<void> {
    return this.#messages.feedback(itemIds, kind);
  }

  submitStructuredInput(itemId: string, submission: StructuredInputSubmission): Promise<void> {
    return this.#messages.submitStructuredInput(itemId, submission);
  }

  setDraft(content: readonly UserMessageContent[]): void {
    this.composer.edit(content);
  }

  setQuote(text: string | null): void {
    this.composer.quote(text);
  }

  selectTool(toolId: string | null): void {
    this.composer.selectTool(toolId);
  }

  selectModel(modelId: string): void {
    this.composer.selectModel(modelId);
  }

  addFiles(files: readonly File[]): void {
    this.composer.attachments.add(files);
  }

  retryAttachment(key: string): void {
    this.composer.attachments.retry(key);
  }

  removeAttachment(key: string): void {
    this.composer.attachments.remove(key);
  }

  setDictation(phase: ComposerState["dictation"]): void {
    this.composer.setDictation(phase);
  }

  canSubmit(): boolean {
    return this.composer.canSubmit();
  }

  async transcribe(audio: Blob, mimeType: string): Promise<string> {
    const params = { audio_base64: base64(new Uint8Array(await audio.arrayBuffer())), mime_type: mimeType };
    const answer = await this.#client.single(
      { type: "input.transcribe", params },
      new AbortController().signal,
    );
    return isRecord(answer) && typeof answer.text === "string" ? answer.text : "";
  }

  perform(request: ActionRequest): Promise<void> {
    return this.#performing.perform(request);
  }

  sendCustomAction(
    action: { type: string; payload?: Record<string, unknown> },
    itemId?: string,
  ): Promise<void> {
    return this.#performing.send(action, itemId);
  }

  openHistory(): void {
    if (!this.#options.historyEnabled)
      throw new IntegrationError("history.disabled", "history.enabled is false");
    this.#history.open();
  }

  closeHistory(): void {
    this.#history.close();
  }

  loadMoreThreads(): Promise<void> {
    return this.#history.more();
  }

  searchThreads(query: string): Promise<void> {
    return this.#history.search(query);
  }

  renameThread(threadId: string, title: string): Promise<void> {
    return this.#history.rename(threadId, title);
  }

  async deleteThread(threadId: string): Promise<void> {
    const gone = await this.#history.remove(threadId);
    if (gone && this.#store.now.thread.id === threadId) await this.openThread(null);
  }

  dismissNotice(id: number): void {
    this.#store.update((state) => ({
      ...state,
      thread: { ...state.thread, notices: state.thread.notices.filter((notice) => notice.id !== id) },
    }));
  }

  dismissToast(id: number): void {
    this.#store.update((state) => ({ ...state, toasts: state.toasts.filter((toast) => toast.id !== id) }));
  }

  toast(level: NoticeLevel, code: string, params: Record<string, string | number> = {}, error?: Error): void {
    const toast = { id: nextNumber(), level, code, params, error: error ?? null };
    this.#store.update((state) => ({ ...state, toasts: [...state.toasts, toast] }));
    if (error !== undefined) this.report(error);
  }

  log(name: string, data?: Record<string, unknown>): void {
    this.#kernel.log(name, data);
  }

  report(error: Error): void {
    this.#kernel.report(error);
  }

  /** Reads along with a run that is already being answered. */
  #follow(threadId: string): void {
    void this.#turns.start({
      owned: false,
      request: () => ({ type: "threads.resume", params: { thread_id: threadId } }),
    }).ended;
  }

  /** Whether the thread could be read. */
  async #catchUp(): Promise<boolean> {
    try {
      await this.fetchUpdates();
      return true;
    } catch (error) {
      if (!isAbort(error)) this.#kernel.log("thread.catch_up_failed", { name: toError(error).name });
      return false;
    }
  }
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  // In pieces: a call with a million arguments exceeds the engine's limit.
  for (let at = 0; at < bytes.length; at += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
