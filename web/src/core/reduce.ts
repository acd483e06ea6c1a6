/**
 * What a stream event makes of a thread: the twin of the reducer in Python, run over the same fixtures (spec/fixtures).
 * An item that an event does not touch keeps its identity.
 */
import type {
  AssistantMessageItem,
  ItemUpdate,
  StreamEvent,
  Task,
  Thread,
  ThreadItem,
} from "../protocol/types.ts";
import { appendText, replaceComponent } from "./widget_tree.ts";

/** The items after `event`; the same array when nothing changed. */
export function reduceItems(items: readonly ThreadItem[], event: StreamEvent): readonly ThreadItem[] {
  switch (event.type) {
    case "thread.item.added":
    case "thread.item.done":
      return upsert(items, event.item);
    case "thread.item.replaced":
      return upsert(items, event.item);
    case "thread.item.removed":
      return items.some(({ id }) => id === event.item_id)
        ? items.filter(({ id }) => id !== event.item_id)
        : items;
    case "thread.item.updated":
      return updateItem(items, event.item_id, event.update);
    default:
      return items;
  }
}

/** A whole thread after `event`: metadata from `thread.updated` and `thread.created`, items from the rest. */
export function reduce(thread: Thread, event: StreamEvent): Thread {
  if (event.type === "thread.created") return event.thread;
  // The items page of an update is empty: it speaks of the metadata only.
  if (event.type === "thread.updated") return { ...event.thread, items: thread.items };
  const data = reduceItems(thread.items.data, event);
  return data === thread.items.data ? thread : { ...thread, items: { ...thread.items, data: [...data] } };
}

function upsert(items: readonly ThreadItem[], item: ThreadItem): readonly ThreadItem[] {
  const index = items.findIndex(({ id }) => id === item.id);
  return index < 0 ? [...items, item] : items.with(index, item);
}

function updateItem(items: readonly ThreadItem[], id: string, update: ItemUpdate): readonly ThreadItem[] {
  // Updates speak of something recent nearly always.
  const index = items.findLastIndex((item) => item.id === id);
  const before = items[index];
  if (before === undefined) return items;
  const after = applyUpdate(before, update);
  return after === before ? items : items.with(index, after);
}

/** The item after `update`; the same item when the update does not fit it. */
export function applyUpdate(item: ThreadItem, update: ItemUpdate): ThreadItem {
  switch (item.type) {
    case "assistant_message":
      return updateMessage(item, update);
    case "widget":
      return withWidget(item, updateWidget(item.widget, update));
    case "workflow":
      return updateWorkflow(item, update);
    case "generated_image":
      if (update.type !== "generated_image.updated") return item;
      return {
        ...item,
        image: update.image,
        ...(update.progress === undefined ? {} : { progress: update.progress }),
      };
    default:
      return item;
  }
}

type Content = AssistantMessageItem["content"];

function updateMessage(item: AssistantMessageItem, update: ItemUpdate): AssistantMessageItem {
  if (!("content_index" in update)) return item;
  const padded = pad(item.content, update.content_index);
  const part = padded[update.content_index];
  if (part === undefined) return item;
  return { ...item, content: padded.with(update.content_index, updatePart(part, update)) };
}

type PartUpdate = Extract<ItemUpdate, { content_index: number }>;

function updatePart(part: Content[number], update: PartUpdate): Content[number] {
  switch (update.type) {
    case "assistant_message.content_part.added":
      return update.content;
    case "assistant_message.content_part.text_delta":
      return { ...part, text: part.text + update.delta };
    case "assistant_message.content_part.annotation_added":
      return {
        ...part,
        annotations: part.annotations.toSpliced(update.annotation_index, 0, update.annotation),
      };
    case "assistant_message.content_part.done":
      // Servers that learn the annotations last send an empty list here: what has come already stays.
      return update.content.annotations.length > 0
        ? update.content
        : { ...update.content, annotations: part.annotations };
  }
}

function pad(content: Content, index: number): Content {
  if (index < content.length) return content;
  const missing = Array.from({ length: index - content.length + 1 }, () => ({
    type: "output_text" as const,
    text: "",
    annotations: [],
  }));
  return [...content, ...missing];
}

type WidgetItem = Extract<ThreadItem, { type: "widget" }>;

function withWidget(item: WidgetItem, widget: WidgetItem["widget"]): WidgetItem {
  return widget === item.widget ? item : { ...item, widget };
}

function updateWidget(widget: WidgetItem["widget"], update: ItemUpdate): WidgetItem["widget"] {
  switch (update.type) {
    case "widget.root.updated":
      return update.widget;
    case "widget.component.updated":
      return replaceComponent(widget, update.component_id, update.component);
    case "widget.streaming_text.value_delta":
      return appendText(widget, update.component_id, update.delta, update.done);
    default:
      return widget;
  }
}

type WorkflowItem = Extract<ThreadItem, { type: "workflow" }>;

function updateWorkflow(item: WorkflowItem, update: ItemUpdate): WorkflowItem {
  if (update.type !== "workflow.task.added" && update.type !== "workflow.task.updated") return item;
  const { tasks } = item.workflow;
  const at = update.task_index;
  const next: Task[] =
    update.type === "workflow.task.updated" && at < tasks.length
      ? tasks.with(at, update.task)
      : tasks.toSpliced(at, 0, update.task);
  return { ...item, workflow: { ...item.workflow, tasks: next } };
}
