/** The session as screens use it. State is read through `state`; everything a person does is one of these calls. */
import type { ReadonlySignal } from "@preact/signals-core";
import type {
  Attachment,
  StructuredInputSubmission,
  ToolChoice,
  UserMessageContent,
  WidgetNode,
} from "../protocol/types.ts";
import type { ChatState } from "./state.ts";

export interface ChatSession {
  /** Commits at most once per frame. Derive what you need with `computed(() => session.state.value.thread.items)`. */
  readonly state: ReadonlySignal<ChatState>;

  // Threads
  openThread(threadId: string | null): Promise<void>;
  /** Loads the thread again after a failure. */
  reloadThread(): Promise<void>;
  /** One more page towards the beginning; keep the scroll anchor around the change of `items`. */
  loadOlder(): Promise<void>;
  /** Re-reads thread and items and reconciles. */
  fetchUpdates(): Promise<void>;

  // Messages
  /** Sends the draft; resolves when the message is accepted. Clears draft, quote and a tool that is not persistent. */
  submitDraft(): Promise<void>;
  sendMessage(input: MessageInput): Promise<void>;
  /** Sends a failed message again (same body). */
  resend(localItemId: string): Promise<void>;
  /** Takes a failed message out of the thread and, when the draft is empty, puts its text back there. */
  discard(localItemId: string): void;
  /** The error block's Retry: the request that failed, again. */
  retryTurn(): Promise<void>;
  /** Asks for another answer to that user message. Without an id: the last one. */
  retryAfter(userItemId?: string): Promise<void>;
  /** Sends that user message again with other words, in a new branch of the thread. */
  editMessage(userItemId: string, content: readonly UserMessageContent[]): Promise<void>;
  /** Whether the server can branch; hide the edit button when not. */
  readonly canEdit: boolean;
  stop(): Promise<void>;
  sendFeedback(itemIds: readonly string[], kind: "positive" | "negative"): Promise<void>;
  submitStructuredInput(itemId: string, submission: StructuredInputSubmission): Promise<void>;

  // Composer
  /** The editor reports what is in it; does not touch `revision`. */
  setDraft(content: readonly UserMessageContent[]): void;
  setQuote(text: string | null): void;
  selectTool(toolId: string | null): void;
  selectModel(modelId: string): void;
  addFiles(files: readonly File[]): void;
  retryAttachment(key: string): void;
  removeAttachment(key: string): void;
  setDictation(phase: "idle" | "recording" | "transcribing"): void;
  /** Audio of one dictation → its words, for insertion at the caret. Rejects with what to show in a toast. */
  transcribe(audio: Blob, mimeType: string): Promise<string>;
  /** False while empty, uploading, busy, disabled, locked or closed. */
  canSubmit(): boolean;

  // Widgets
  perform(request: ActionRequest): Promise<void>;

  // History
  openHistory(): void;
  closeHistory(): void;
  loadMoreThreads(): Promise<void>;
  searchThreads(query: string): Promise<void>;
  renameThread(threadId: string, title: string): Promise<void>;
  deleteThread(threadId: string): Promise<void>;

  dismissNotice(id: number): void;
  dismissToast(id: number): void;
  /** Shows a short message and dispatches `chatkit.error` when it carries an error. */
  toast(
    level: "info" | "warning" | "danger",
    code: string,
    params?: Record<string, string | number>,
    error?: Error,
  ): void;
  /** `chatkit.log`; never put what a person typed into `data`. */
  log(name: string, data?: Record<string, unknown>): void;
  /** `chatkit.error`. */
  report(error: Error): void;
}

export interface MessageInput {
  readonly content: readonly UserMessageContent[];
  readonly quote?: string | null;
  readonly attachments?: readonly Attachment[];
  readonly newThread?: boolean;
  readonly toolChoice?: ToolChoice | null;
  readonly model?: string | null;
}

/** What a widget component raises; the session decides where it goes and what shows as loading. */
export interface ActionRequest {
  readonly action: WidgetAction;
  /** The widget's item; null inside previews, where only client actions are carried out. */
  readonly itemId: string | null;
  readonly widget: WidgetNode;
  /** The component and prop it comes from, for the automatic loading mapping: `Button.onClickAction`, `Card.confirm`, … */
  readonly trigger: ActionTrigger;
  /** Names the node for `PendingAction.source`. */
  readonly source?: string;
  /** All values of the surrounding form and, for a change action, the control's own value: flat, by name. */
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface WidgetAction {
  readonly type: string;
  readonly payload?: unknown;
  readonly handler?: "server" | "client";
  readonly loadingBehavior?: "auto" | "none" | "self" | "container";
  readonly streaming?: boolean | "false" | "true";
}

export type ActionTrigger =
  | "Button.onClickAction"
  | "Card.confirm"
  | "Card.cancel"
  | "ListViewItem.onClickAction"
  | "Form.onSubmitAction"
  | "Select.onChangeAction"
  | "DatePicker.onChangeAction"
  | "Checkbox.onChangeAction"
  | "RadioGroup.onChangeAction"
  | (string & {});
