/**
 * The wire as the client works with it: the generated types, with the fields that have a default filled in by the guards,
 * and the optional fields that this project adds.
 */
import type * as wire from "./generated.ts";

export type {
  Action,
  ClientToolCallItem as WireClientToolCallItem,
  CustomSummary,
  CustomTask,
  DurationSummary,
  EndOfTurnItem,
  EntitySource,
  FileAttachment,
  FileSource,
  FileTask,
  GeneratedImage,
  ImageAttachment,
  ImageTask,
  InferenceOptions,
  SearchTask,
  StructuredInputAnswer,
  StructuredInputFreeform,
  StructuredInputMultipleChoice,
  StructuredInputSubmission,
  ThoughtTask,
  ToolChoice,
  URLSource,
  UserMessageInput,
  UserMessageTagContent,
  UserMessageTextContent,
} from "./generated.ts";

export type Attachment = wire.FileAttachment | wire.ImageAttachment;
export type UploadDescriptor = wire.AttachmentUploadDescriptor;
export type UserMessageContent = wire.UserMessageTextContent | wire.UserMessageTagContent;
export type Source = wire.URLSource | wire.FileSource | wire.EntitySource;
export type Task = wire.CustomTask | wire.SearchTask | wire.ThoughtTask | wire.FileTask | wire.ImageTask;
export type ThreadStatus = wire.ActiveStatus | wire.LockedStatus | wire.ClosedStatus;

/** Any widget component: the renderer decides what it knows. */
export interface WidgetNode {
  type: string;
  id?: string;
  key?: string;
  [prop: string]: unknown;
}

/** Who speaks, when a server tells; shown instead of the default name. */
export interface Author {
  name: string;
  avatar_url?: string;
}

export interface Annotation {
  type: "annotation";
  source: Source;
  index?: number;
}

export interface AssistantMessageContent {
  type: "output_text";
  text: string;
  annotations: Annotation[];
}

interface ItemBase {
  id: string;
  thread_id: string;
  created_at: string;
}

export interface UserMessageItem extends ItemBase {
  type: "user_message";
  content: UserMessageContent[];
  attachments: Attachment[];
  quoted_text?: string;
  inference_options: wire.InferenceOptions;
  author?: Author;
}

export interface AssistantMessageItem extends ItemBase {
  type: "assistant_message";
  content: AssistantMessageContent[];
  author?: Author;
}

export interface ClientToolCallItem extends ItemBase {
  type: "client_tool_call";
  status: "pending" | "completed";
  call_id: string;
  name: string;
  arguments: Record<string, unknown>;
  output?: unknown;
}

export interface WidgetItem extends ItemBase {
  type: "widget";
  widget: WidgetNode;
  copy_text?: string;
}

export interface GeneratedImageItem extends ItemBase {
  type: "generated_image";
  image?: wire.GeneratedImage;
  /** 0 to 1 while the image is being made; the client's own note, never on the wire. */
  progress?: number;
}

export type StructuredInput = wire.StructuredInputMultipleChoice | wire.StructuredInputFreeform;

export interface StructuredInputItem extends ItemBase {
  type: "structured_input";
  status: "pending" | "answered" | "skipped";
  inputs: StructuredInput[];
}

export interface Workflow {
  type: "custom" | "reasoning";
  tasks: Task[];
  summary?: wire.CustomSummary | wire.DurationSummary;
  expanded: boolean;
}

export interface WorkflowItem extends ItemBase {
  type: "workflow";
  workflow: Workflow;
}

export interface TaskItem extends ItemBase {
  type: "task";
  task: Task;
}

export interface EndOfTurn extends ItemBase {
  type: "end_of_turn";
}

/** An item a person may see. Hidden context never gets past the guards. */
export type ThreadItem =
  | UserMessageItem
  | AssistantMessageItem
  | ClientToolCallItem
  | WidgetItem
  | GeneratedImageItem
  | StructuredInputItem
  | WorkflowItem
  | TaskItem
  | EndOfTurn;

/** The versions of a message that was edited: `siblings[index]` is the thread it stands in, the others are its versions. */
export interface MessageVersions {
  item_id: string;
  index: number;
  siblings: string[];
}

export interface ThreadMetadata {
  id: string;
  title?: string;
  created_at: string;
  updated_at?: string;
  status: ThreadStatus;
  allowed_image_domains?: string[];
  branches?: MessageVersions[];
  /** The run that is being answered right now, on servers that can resume one. */
  run?: { id: string };
}

export interface Page<T> {
  data: T[];
  has_more: boolean;
  after?: string;
}

export interface Thread extends ThreadMetadata {
  items: Page<ThreadItem>;
}

export type ItemUpdate =
  | { type: "assistant_message.content_part.added"; content_index: number; content: AssistantMessageContent }
  | { type: "assistant_message.content_part.text_delta"; content_index: number; delta: string }
  | {
      type: "assistant_message.content_part.annotation_added";
      content_index: number;
      annotation_index: number;
      annotation: Annotation;
    }
  | { type: "assistant_message.content_part.done"; content_index: number; content: AssistantMessageContent }
  | { type: "widget.root.updated"; widget: WidgetNode }
  | { type: "widget.component.updated"; component_id: string; component: WidgetNode }
  | { type: "widget.streaming_text.value_delta"; component_id: string; delta: string; done: boolean }
  | { type: "widget.field_errors"; errors: Record<string, string> }
  | { type: "workflow.task.added"; task_index: number; task: Task }
  | { type: "workflow.task.updated"; task_index: number; task: Task }
  | { type: "generated_image.updated"; image: wire.GeneratedImage; progress?: number };

export type NoticeLevel = "info" | "warning" | "danger";

export type StreamEvent =
  | { type: "thread.created"; thread: Thread }
  | { type: "thread.updated"; thread: Thread }
  | { type: "thread.item.added"; item: ThreadItem }
  | { type: "thread.item.updated"; item_id: string; update: ItemUpdate }
  | { type: "thread.item.done"; item: ThreadItem }
  | { type: "thread.item.removed"; item_id: string }
  | { type: "thread.item.replaced"; item: ThreadItem }
  | { type: "stream_options"; stream_options: { allow_cancel: boolean } }
  | { type: "progress_update"; icon?: string; text: string }
  | { type: "client_effect"; name: string; data: Record<string, unknown> }
  | { type: "notice"; level: NoticeLevel; message: string; title?: string }
  | { type: "error"; code: string; message?: string; allow_retry: boolean; request_id?: string };

export type StreamEventType = StreamEvent["type"];
