// Written by `make gen` from spec/schema. Do not edit.

export type Attachment = FileAttachment | ImageAttachment;
export type ChatKitRequest =
  | ThreadsCreateReq
  | ThreadsAddUserMessageReq
  | ThreadsAddClientToolOutputReq
  | ThreadsAddStructuredInputReq
  | ThreadsRetryAfterItemReq
  | ThreadsCustomActionReq
  | ThreadsResumeReq
  | ThreadsEditMessageReq
  | ThreadsGetByIdReq
  | ThreadsListReq
  | ItemsListReq
  | ItemsFeedbackReq
  | AttachmentsCreateReq
  | AttachmentsDeleteReq
  | ThreadsUpdateReq
  | ThreadsDeleteReq
  | InputTranscribeReq
  | ThreadsSyncCustomActionReq
  | ThreadsStopReq;
export type ErrorCode =
  | "stream.error"
  | "request.invalid"
  | "thread.not_found"
  | "item.not_found"
  | "attachment.not_found"
  | "not_found"
  | "thread.locked"
  | "thread.closed"
  | "thread.busy"
  | "attachment.denied"
  | "access.denied"
  | "auth.required"
  | "limit.exceeded"
  | "rate.limited"
  | "run.interrupted"
  | "widget.template"
  | "widget.data";
export type ThreadItem =
  | UserMessageItem
  | AssistantMessageItem
  | ClientToolCallItem
  | WidgetItem
  | GeneratedImageItem
  | StructuredInputItem
  | WorkflowItem
  | TaskItem
  | HiddenContextItem
  | SDKHiddenContextItem
  | EndOfTurnItem;
export type ThreadStreamEvent =
  | ThreadCreatedEvent
  | ThreadUpdatedEvent
  | ThreadItemDoneEvent
  | ThreadItemAddedEvent
  | ThreadItemUpdatedEvent
  | ThreadItemRemovedEvent
  | ThreadItemReplacedEvent
  | StreamOptionsEvent
  | ProgressUpdateEvent
  | ClientEffectEvent
  | ErrorEvent
  | NoticeEvent;

export interface Action {
  type: string;
  payload?: unknown;
}
export interface ActiveStatus {
  type: "active";
}
export interface Annotation {
  type: "annotation";
  source: URLSource | FileSource | EntitySource;
  index?: number;
}
export interface URLSource {
  title: string;
  description?: string;
  timestamp?: string;
  group?: string;
  type: "url";
  url: string;
  attribution?: string;
}
export interface FileSource {
  title: string;
  description?: string;
  timestamp?: string;
  group?: string;
  type: "file";
  filename: string;
}
export interface EntitySource {
  title: string;
  description?: string;
  timestamp?: string;
  group?: string;
  type: "entity";
  id: string;
  icon?: string;
  label?: string;
  inline_label?: string;
  interactive?: boolean;
  data?: {
    [k: string]: unknown;
  };
  preview?: "lazy";
}
export interface AssistantMessageContent {
  annotations?: Annotation[];
  text: string;
  type: "output_text";
}
export interface AssistantMessageContentPartAdded {
  type: "assistant_message.content_part.added";
  content_index: number;
  content: AssistantMessageContent;
}
export interface AssistantMessageContentPartAnnotationAdded {
  type: "assistant_message.content_part.annotation_added";
  content_index: number;
  annotation_index: number;
  annotation: Annotation;
}
export interface AssistantMessageContentPartDone {
  type: "assistant_message.content_part.done";
  content_index: number;
  content: AssistantMessageContent;
}
export interface AssistantMessageContentPartTextDelta {
  type: "assistant_message.content_part.text_delta";
  content_index: number;
  delta: string;
}
export interface AssistantMessageItem {
  id: string;
  thread_id: string;
  created_at: string;
  type: "assistant_message";
  content: AssistantMessageContent[];
  author?: Author;
}
export interface Author {
  name: string;
  avatar_url?: string;
}
export interface FileAttachment {
  id: string;
  name: string;
  mime_type: string;
  upload_descriptor?: AttachmentUploadDescriptor;
  thread_id?: string;
  metadata?: {
    [k: string]: unknown;
  };
  type: "file";
}
export interface AttachmentUploadDescriptor {
  url: string;
  method: "POST" | "PUT";
  headers?: {
    [k: string]: string;
  };
}
export interface ImageAttachment {
  id: string;
  name: string;
  mime_type: string;
  upload_descriptor?: AttachmentUploadDescriptor;
  thread_id?: string;
  metadata?: {
    [k: string]: unknown;
  };
  type: "image";
  preview_url: string;
}
export interface AttachmentCreateParams {
  name: string;
  size: number;
  mime_type: string;
}
export interface AttachmentDeleteParams {
  attachment_id: string;
}
export interface AttachmentsCreateReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "attachments.create";
  params: AttachmentCreateParams;
}
export interface AttachmentsDeleteReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "attachments.delete";
  params: AttachmentDeleteParams;
}
export interface ThreadsCreateReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.create";
  params: ThreadCreateParams;
}
export interface ThreadCreateParams {
  input: UserMessageInput;
  client_request_id?: string;
}
export interface UserMessageInput {
  content: (UserMessageTextContent | UserMessageTagContent)[];
  attachments: string[];
  quoted_text?: string;
  inference_options: InferenceOptions;
}
export interface UserMessageTextContent {
  type: "input_text";
  text: string;
}
export interface UserMessageTagContent {
  type: "input_tag";
  id: string;
  text: string;
  data: {
    [k: string]: unknown;
  };
  group?: string;
  interactive?: boolean;
}
export interface InferenceOptions {
  tool_choice?: ToolChoice;
  model?: string;
}
export interface ToolChoice {
  id: string;
}
export interface ThreadsAddUserMessageReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.add_user_message";
  params: ThreadAddUserMessageParams;
}
export interface ThreadAddUserMessageParams {
  input: UserMessageInput;
  thread_id: string;
  client_request_id?: string;
}
export interface ThreadsAddClientToolOutputReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.add_client_tool_output";
  params: ThreadAddClientToolOutputParams;
}
export interface ThreadAddClientToolOutputParams {
  thread_id: string;
  result: unknown;
  item_id?: string;
  error?: string;
  client_request_id?: string;
}
export interface ThreadsAddStructuredInputReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.add_structured_input";
  params: ThreadAddStructuredInputParams;
}
export interface ThreadAddStructuredInputParams {
  thread_id: string;
  item_id: string;
  input: StructuredInputSubmission;
  client_request_id?: string;
}
export interface StructuredInputSubmission {
  status?: "answered" | "skipped";
  answers?: {
    [k: string]: StructuredInputAnswerSubmission;
  };
}
export interface StructuredInputAnswerSubmission {
  values?: string[];
  skipped?: boolean;
}
export interface ThreadsRetryAfterItemReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.retry_after_item";
  params: ThreadRetryAfterItemParams;
}
export interface ThreadRetryAfterItemParams {
  thread_id: string;
  item_id: string;
  client_request_id?: string;
}
export interface ThreadsCustomActionReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.custom_action";
  params: ThreadCustomActionParams;
}
export interface ThreadCustomActionParams {
  thread_id: string;
  item_id?: string;
  action: Action;
  client_request_id?: string;
}
export interface ThreadsResumeReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.resume";
  params: ThreadResumeParams;
}
export interface ThreadResumeParams {
  thread_id: string;
  after?: string;
}
export interface ThreadsEditMessageReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.edit_message";
  params: ThreadEditMessageParams;
}
export interface ThreadEditMessageParams {
  thread_id: string;
  item_id: string;
  input: UserMessageInput;
  client_request_id?: string;
}
export interface ThreadsGetByIdReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.get_by_id";
  params: ThreadGetByIdParams;
}
export interface ThreadGetByIdParams {
  thread_id: string;
}
export interface ThreadsListReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.list";
  params: ThreadListParams;
}
export interface ThreadListParams {
  limit?: number;
  order?: "asc" | "desc";
  after?: string;
  query?: string;
  sort?: "created_at" | "updated_at";
  archived?: boolean;
}
export interface ItemsListReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "items.list";
  params: ItemsListParams;
}
export interface ItemsListParams {
  thread_id: string;
  limit?: number;
  order?: "asc" | "desc";
  after?: string;
}
export interface ItemsFeedbackReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "items.feedback";
  params: ItemFeedbackParams;
}
export interface ItemFeedbackParams {
  thread_id: string;
  item_ids: string[];
  kind: "positive" | "negative";
}
export interface ThreadsUpdateReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.update";
  params: ThreadUpdateParams;
}
export interface ThreadUpdateParams {
  thread_id: string;
  title: string;
}
export interface ThreadsDeleteReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.delete";
  params: ThreadDeleteParams;
}
export interface ThreadDeleteParams {
  thread_id: string;
}
export interface InputTranscribeReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "input.transcribe";
  params: InputTranscribeParams;
}
export interface InputTranscribeParams {
  audio_base64: string;
  mime_type: string;
}
export interface ThreadsSyncCustomActionReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.sync_custom_action";
  params: ThreadCustomActionParams;
}
export interface ThreadsStopReq {
  metadata?: {
    [k: string]: unknown;
  };
  type: "threads.stop";
  params: ThreadStopParams;
}
export interface ThreadStopParams {
  thread_id: string;
  run_id?: string;
}
export interface ClientEffectEvent {
  type: "client_effect";
  name: string;
  data?: {
    [k: string]: unknown;
  };
}
export interface ClientToolCallItem {
  id: string;
  thread_id: string;
  created_at: string;
  type: "client_tool_call";
  status?: "pending" | "completed";
  call_id: string;
  name: string;
  arguments: {
    [k: string]: unknown;
  };
  output?: unknown;
}
export interface ClosedStatus {
  type: "closed";
  reason?: string;
}
export interface CustomSummary {
  title: string;
  icon?: string;
}
export interface CustomTask {
  status_indicator?: "none" | "loading" | "complete";
  type: "custom";
  title?: string;
  icon?: string;
  content?: string;
}
export interface DurationSummary {
  duration: number;
}
export interface EndOfTurnItem {
  id: string;
  thread_id: string;
  created_at: string;
  type: "end_of_turn";
}
export interface ErrorEvent {
  type: "error";
  code?: string | ErrorCode;
  message?: string;
  allow_retry?: boolean;
  request_id?: string;
}
export interface FileTask {
  status_indicator?: "none" | "loading" | "complete";
  type: "file";
  title?: string;
  sources?: FileSource[];
}
export interface GeneratedImage {
  id: string;
  url: string;
}
export interface GeneratedImageItem {
  id: string;
  thread_id: string;
  created_at: string;
  type: "generated_image";
  image?: GeneratedImage;
}
export interface GeneratedImageUpdated {
  type: "generated_image.updated";
  image: GeneratedImage;
  progress?: number;
}
export interface HiddenContextItem {
  id: string;
  thread_id: string;
  created_at: string;
  type: "hidden_context_item";
  content: unknown;
}
export interface ImageTask {
  status_indicator?: "none" | "loading" | "complete";
  type: "image";
  title?: string;
}
export interface LockedStatus {
  type: "locked";
  reason?: string;
}
export interface MessageVersions {
  item_id: string;
  index: number;
  siblings: string[];
}
export interface NoticeEvent {
  type: "notice";
  level: "info" | "warning" | "danger";
  message: string;
  title?: string;
}
export interface ProgressUpdateEvent {
  type: "progress_update";
  icon?: string;
  text: string;
}
export interface RunInfo {
  id: string;
}
export interface SDKHiddenContextItem {
  id: string;
  thread_id: string;
  created_at: string;
  type: "sdk_hidden_context";
  content: string;
}
export interface SearchTask {
  status_indicator?: "none" | "loading" | "complete";
  type: "web_search";
  title?: string;
  title_query?: string;
  queries?: string[];
  sources?: URLSource[];
}
export interface StreamOptions {
  allow_cancel: boolean;
}
export interface StreamOptionsEvent {
  type: "stream_options";
  stream_options: StreamOptions;
}
export interface StructuredInputAnswer {
  values?: string[];
  skipped?: boolean;
}
export interface StructuredInputFreeform {
  id: string;
  question: string;
  answer?: StructuredInputAnswer;
  type: "freeform";
  description?: string;
}
export interface StructuredInputItem {
  id: string;
  thread_id: string;
  created_at: string;
  type: "structured_input";
  status?: "pending" | "answered" | "skipped";
  inputs: (StructuredInputMultipleChoice | StructuredInputFreeform)[];
}
export interface StructuredInputMultipleChoice {
  id: string;
  question: string;
  answer?: StructuredInputAnswer;
  type: "multiple_choice";
  options: StructuredInputMultipleChoiceOption[];
  multiple?: boolean;
}
export interface StructuredInputMultipleChoiceOption {
  value: string;
}
export interface TaskItem {
  id: string;
  thread_id: string;
  created_at: string;
  type: "task";
  task: CustomTask | SearchTask | ThoughtTask | FileTask | ImageTask;
}
export interface ThoughtTask {
  status_indicator?: "none" | "loading" | "complete";
  type: "thought";
  title?: string;
  content: string;
}
export interface Thread {
  title?: string;
  id: string;
  created_at: string;
  updated_at?: string;
  status?: ActiveStatus | LockedStatus | ClosedStatus;
  allowed_image_domains?: string[];
  metadata?: {
    [k: string]: unknown;
  };
  items: ThreadItemPage;
  run?: RunInfo;
  branch?: ThreadBranch;
  branches?: MessageVersions[];
}
export interface ThreadItemPage {
  data?: (
    | UserMessageItem
    | AssistantMessageItem
    | ClientToolCallItem
    | WidgetItem
    | GeneratedImageItem
    | StructuredInputItem
    | WorkflowItem
    | TaskItem
    | HiddenContextItem
    | SDKHiddenContextItem
    | EndOfTurnItem
  )[];
  has_more?: boolean;
  after?: string;
}
export interface UserMessageItem {
  id: string;
  thread_id: string;
  created_at: string;
  type: "user_message";
  content: (UserMessageTextContent | UserMessageTagContent)[];
  attachments?: (FileAttachment | ImageAttachment)[];
  quoted_text?: string;
  inference_options: InferenceOptions;
  author?: Author;
}
export interface WidgetItem {
  id: string;
  thread_id: string;
  created_at: string;
  type: "widget";
  widget: WidgetNode;
  copy_text?: string;
}
export interface WidgetNode {
  type: string;
  [k: string]: unknown;
}
export interface WorkflowItem {
  id: string;
  thread_id: string;
  created_at: string;
  type: "workflow";
  workflow: Workflow;
}
export interface Workflow {
  type: "custom" | "reasoning";
  tasks: (CustomTask | SearchTask | ThoughtTask | FileTask | ImageTask)[];
  summary?: CustomSummary | DurationSummary;
  expanded?: boolean;
}
export interface ThreadBranch {
  of_thread_id: string;
  of_item_id: string;
  siblings?: string[];
}
export interface ThreadCreatedEvent {
  type: "thread.created";
  thread: Thread;
}
export interface ThreadItemAddedEvent {
  type: "thread.item.added";
  item:
    | UserMessageItem
    | AssistantMessageItem
    | ClientToolCallItem
    | WidgetItem
    | GeneratedImageItem
    | StructuredInputItem
    | WorkflowItem
    | TaskItem
    | HiddenContextItem
    | SDKHiddenContextItem
    | EndOfTurnItem;
}
export interface ThreadItemDoneEvent {
  type: "thread.item.done";
  item:
    | UserMessageItem
    | AssistantMessageItem
    | ClientToolCallItem
    | WidgetItem
    | GeneratedImageItem
    | StructuredInputItem
    | WorkflowItem
    | TaskItem
    | HiddenContextItem
    | SDKHiddenContextItem
    | EndOfTurnItem;
}
export interface ThreadItemRemovedEvent {
  type: "thread.item.removed";
  item_id: string;
}
export interface ThreadItemReplacedEvent {
  type: "thread.item.replaced";
  item:
    | UserMessageItem
    | AssistantMessageItem
    | ClientToolCallItem
    | WidgetItem
    | GeneratedImageItem
    | StructuredInputItem
    | WorkflowItem
    | TaskItem
    | HiddenContextItem
    | SDKHiddenContextItem
    | EndOfTurnItem;
}
export interface ThreadItemUpdatedEvent {
  type: "thread.item.updated";
  item_id: string;
  update:
    | AssistantMessageContentPartAdded
    | AssistantMessageContentPartTextDelta
    | AssistantMessageContentPartAnnotationAdded
    | AssistantMessageContentPartDone
    | WidgetStreamingTextValueDelta
    | WidgetComponentUpdated
    | WidgetRootUpdated
    | WidgetFieldErrors
    | WorkflowTaskAdded
    | WorkflowTaskUpdated
    | GeneratedImageUpdated;
}
export interface WidgetStreamingTextValueDelta {
  type: "widget.streaming_text.value_delta";
  component_id: string;
  delta: string;
  done: boolean;
}
export interface WidgetComponentUpdated {
  type: "widget.component.updated";
  component_id: string;
  component: WidgetNode;
}
export interface WidgetRootUpdated {
  type: "widget.root.updated";
  widget: WidgetNode;
}
export interface WidgetFieldErrors {
  type: "widget.field_errors";
  errors?: {
    [k: string]: string;
  };
}
export interface WorkflowTaskAdded {
  type: "workflow.task.added";
  task_index: number;
  task: CustomTask | SearchTask | ThoughtTask | FileTask | ImageTask;
}
export interface WorkflowTaskUpdated {
  type: "workflow.task.updated";
  task_index: number;
  task: CustomTask | SearchTask | ThoughtTask | FileTask | ImageTask;
}
export interface ThreadUpdatedEvent {
  type: "thread.updated";
  thread: Thread;
}
