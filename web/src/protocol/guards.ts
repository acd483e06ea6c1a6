/**
 * Server JSON is untrusted: nothing gets past here without the fields that screens rely on, with defaults filled in, nulls
 * taken as absent and sizes bounded. What is not understood comes back as `null` and is passed over, never thrown on.
 */
import { array, flag, isRecord, type Json, number, oneOf, optional, record, text } from "./fields.ts";
import { parseItem } from "./items.ts";
import { parseAnnotation, parseImage, parsePart, parseTask } from "./parts.ts";
import type {
  ItemUpdate,
  MessageVersions,
  Page,
  StreamEvent,
  StreamEventType,
  Thread,
  ThreadItem,
  ThreadMetadata,
  ThreadStatus,
} from "./types.ts";
import { parseWidget } from "./widget_limits.ts";

export { parseItem } from "./items.ts";
export { parseAttachment } from "./parts.ts";

type Parser<T> = (json: Json) => T | null;

/** A stream event, or null when its type is unknown or it lacks what its type needs. */
export function parseEvent(value: unknown): StreamEvent | null {
  if (!isRecord(value)) return null;
  const type = value.type;
  return typeof type === "string" && Object.hasOwn(EVENTS, type)
    ? EVENTS[type as StreamEventType](value)
    : null;
}

const EVENTS: { [K in StreamEventType]: Parser<Extract<StreamEvent, { type: K }>> } = {
  "thread.created": (json) => withThread("thread.created", json),
  "thread.updated": (json) => withThread("thread.updated", json),
  "thread.item.added": (json) => withItem("thread.item.added", json),
  "thread.item.done": (json) => withItem("thread.item.done", json),
  "thread.item.replaced": (json) => withItem("thread.item.replaced", json),
  "thread.item.removed": (json) => {
    const item_id = text(json.item_id);
    return item_id === null ? null : { type: "thread.item.removed", item_id };
  },
  "thread.item.updated": (json) => {
    const item_id = text(json.item_id);
    const update = parseUpdate(json.update);
    return item_id === null || update === null ? null : { type: "thread.item.updated", item_id, update };
  },
  stream_options: (json) => ({
    type: "stream_options",
    stream_options: { allow_cancel: flag(record(json.stream_options).allow_cancel, true) },
  }),
  progress_update: (json) => {
    const words = text(json.text);
    return words === null
      ? null
      : { type: "progress_update", text: words, ...optional("icon", text(json.icon)) };
  },
  client_effect: (json) => {
    const name = text(json.name);
    return name === null ? null : { type: "client_effect", name, data: record(json.data) };
  },
  notice: (json) => {
    const message = text(json.message);
    if (message === null) return null;
    const level = oneOf(json.level, ["info", "warning", "danger"] as const, "info");
    return { type: "notice", level, message, ...optional("title", text(json.title)) };
  },
  error: (json) => ({
    type: "error",
    code: text(json.code) ?? "custom",
    allow_retry: flag(json.allow_retry, false),
    ...optional("message", text(json.message)),
    ...optional("request_id", text(json.request_id)),
  }),
};

function withThread<T extends "thread.created" | "thread.updated">(
  type: T,
  json: Json,
): { type: T; thread: Thread } | null {
  const thread = parseThread(json.thread);
  return thread === null ? null : { type, thread };
}

function withItem<T extends string>(type: T, json: Json): { type: T; item: ThreadItem } | null {
  const item = parseItem(json.item);
  return item === null ? null : { type, item };
}

/** The `update` of `thread.item.updated`. */
export function parseUpdate(value: unknown): ItemUpdate | null {
  if (!isRecord(value)) return null;
  const type = value.type;
  return typeof type === "string" && Object.hasOwn(UPDATES, type)
    ? UPDATES[type as ItemUpdate["type"]](value)
    : null;
}

const UPDATES: { [K in ItemUpdate["type"]]: Parser<Extract<ItemUpdate, { type: K }>> } = {
  "assistant_message.content_part.added": (json) => partUpdate("assistant_message.content_part.added", json),
  "assistant_message.content_part.done": (json) => partUpdate("assistant_message.content_part.done", json),
  "assistant_message.content_part.text_delta": (json) => {
    const content_index = position(json.content_index);
    const delta = text(json.delta);
    if (content_index === null || delta === null) return null;
    return { type: "assistant_message.content_part.text_delta", content_index, delta };
  },
  "assistant_message.content_part.annotation_added": (json) => {
    const content_index = position(json.content_index);
    const annotation = parseAnnotation(json.annotation);
    if (content_index === null || annotation === null) return null;
    const annotation_index = position(json.annotation_index) ?? Number.MAX_SAFE_INTEGER;
    return {
      type: "assistant_message.content_part.annotation_added",
      content_index,
      annotation_index,
      annotation,
    };
  },
  "widget.root.updated": (json) => {
    const widget = parseWidget(json.widget);
    return widget === null ? null : { type: "widget.root.updated", widget };
  },
  "widget.component.updated": (json) => {
    const component_id = text(json.component_id);
    const component = parseWidget(json.component);
    if (component_id === null || component === null) return null;
    return { type: "widget.component.updated", component_id, component };
  },
  "widget.streaming_text.value_delta": (json) => {
    const component_id = text(json.component_id);
    const delta = text(json.delta);
    if (component_id === null || delta === null) return null;
    return {
      type: "widget.streaming_text.value_delta",
      component_id,
      delta,
      done: flag(json.done, false),
    };
  },
  "widget.field_errors": (json) => {
    const entries = Object.entries(record(json.errors)).filter(
      (pair): pair is [string, string] => typeof pair[1] === "string",
    );
    return { type: "widget.field_errors", errors: Object.fromEntries(entries) };
  },
  "workflow.task.added": (json) => taskUpdate("workflow.task.added", json),
  "workflow.task.updated": (json) => taskUpdate("workflow.task.updated", json),
  "generated_image.updated": (json) => {
    const image = parseImage(json.image);
    if (image === null) return null;
    return { type: "generated_image.updated", image, ...optional("progress", number(json.progress)) };
  },
};

function partUpdate<T extends "assistant_message.content_part.added" | "assistant_message.content_part.done">(
  type: T,
  json: Json,
) {
  const content_index = position(json.content_index);
  const content = parsePart(json.content);
  return content_index === null || content === null ? null : { type, content_index, content };
}

function taskUpdate<T extends "workflow.task.added" | "workflow.task.updated">(type: T, json: Json) {
  const task_index = position(json.task_index);
  const task = parseTask(json.task);
  return task_index === null || task === null ? null : { type, task_index, task };
}

/** Lists grow to the index that an update names, so the index is bounded. */
const MAX_INDEX = 10_000;

function position(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_INDEX
    ? value
    : null;
}

export function parseThreadMetadata(value: unknown): ThreadMetadata | null {
  if (!isRecord(value)) return null;
  const id = text(value.id);
  if (id === null || id === "") return null;
  const domains = Array.isArray(value.allowed_image_domains)
    ? value.allowed_image_domains.filter((domain) => typeof domain === "string")
    : null;
  const run = text(record(value.run).id);
  return {
    id,
    created_at: text(value.created_at) ?? "",
    status: parseStatus(value.status),
    ...optional("title", text(value.title)),
    ...optional("updated_at", text(value.updated_at)),
    ...optional("allowed_image_domains", domains),
    ...optional("branches", Array.isArray(value.branches) ? array(value.branches, parseVersions) : null),
    ...optional("run", run === null ? null : { id: run }),
  };
}

export function parseThread(value: unknown): Thread | null {
  const metadata = parseThreadMetadata(value);
  if (metadata === null || !isRecord(value)) return null;
  return { ...metadata, items: parsePage(value.items, parseItem) ?? { data: [], has_more: false } };
}

function parseStatus(value: unknown): ThreadStatus {
  const status = record(value);
  const type = oneOf(status.type, ["active", "locked", "closed"] as const, "active");
  return type === "active" ? { type } : { type, ...optional("reason", text(status.reason)) };
}

function parseVersions(value: unknown): MessageVersions | null {
  if (!isRecord(value)) return null;
  const item_id = text(value.item_id);
  const siblings = array(value.siblings, text);
  const { index } = value;
  if (item_id === null || typeof index !== "number" || siblings[index] === undefined) return null;
  return { item_id, index, siblings };
}

/** A page whose rows are what `row` understands; the others are left out and `has_more` and `after` stay as sent. */
export function parsePage<T>(value: unknown, row: (value: unknown) => T | null): Page<T> | null {
  if (!isRecord(value) || !Array.isArray(value.data)) return null;
  return {
    data: array(value.data, row),
    has_more: flag(value.has_more, false),
    ...optional("after", text(value.after)),
  };
}
