/** Readers of thread items, one per type. */
import { array, flag, isRecord, type Json, oneOf, optional, record, text } from "./fields.ts";
import { parseAttachment, parseAuthor, parseImage, parsePart, parseTask, parseUserContent } from "./parts.ts";
import type { StructuredInput, ThreadItem, UserMessageItem, Workflow } from "./types.ts";
import { parseWidget } from "./widget_limits.ts";

type Base = { id: string; thread_id: string; created_at: string };
type ItemType = ThreadItem["type"];

/** An item that may be shown; null for hidden context, unknown types and items without what their type needs. */
export function parseItem(value: unknown): ThreadItem | null {
  if (!isRecord(value)) return null;
  const type = value.type;
  const id = text(value.id);
  if (typeof type !== "string" || !Object.hasOwn(ITEMS, type) || id === null || id === "") return null;
  const base = { id, thread_id: text(value.thread_id) ?? "", created_at: text(value.created_at) ?? "" };
  return ITEMS[type as ItemType](value, base);
}

const ITEMS: { [K in ItemType]: (json: Json, base: Base) => Extract<ThreadItem, { type: K }> | null } = {
  user_message: (json, base) => ({
    ...base,
    type: "user_message",
    content: array(json.content, parseUserContent),
    attachments: array(json.attachments, parseAttachment),
    inference_options: inferenceOptions(json.inference_options),
    ...optional("quoted_text", text(json.quoted_text)),
    ...optional("author", parseAuthor(json.author)),
  }),
  assistant_message: (json, base) => ({
    ...base,
    type: "assistant_message",
    content: array(json.content, parsePart),
    ...optional("author", parseAuthor(json.author)),
  }),
  client_tool_call: (json, base) => ({
    ...base,
    type: "client_tool_call",
    status: oneOf(json.status, ["pending", "completed"], "pending"),
    call_id: text(json.call_id) ?? "",
    name: text(json.name) ?? "",
    arguments: record(json.arguments),
    ...(json.output === undefined ? {} : { output: json.output }),
  }),
  widget: (json, base) => {
    const widget = parseWidget(json.widget);
    if (widget === null) return null;
    return { ...base, type: "widget", widget, ...optional("copy_text", text(json.copy_text)) };
  },
  generated_image: (json, base) => ({
    ...base,
    type: "generated_image",
    ...optional("image", parseImage(json.image)),
  }),
  structured_input: (json, base) => ({
    ...base,
    type: "structured_input",
    status: oneOf(json.status, ["pending", "answered", "skipped"], "pending"),
    inputs: array(json.inputs, parseInput),
  }),
  workflow: (json, base) => ({
    ...base,
    type: "workflow",
    workflow: parseWorkflow(record(json.workflow)),
  }),
  task: (json, base) => {
    const task = parseTask(json.task);
    return task === null ? null : { ...base, type: "task", task };
  },
  end_of_turn: (_json, base) => ({ ...base, type: "end_of_turn" }),
};

function inferenceOptions(value: unknown): UserMessageItem["inference_options"] {
  const options = record(value);
  const tool = text(record(options.tool_choice).id);
  return {
    ...optional("tool_choice", tool === null ? null : { id: tool }),
    ...optional("model", text(options.model)),
  };
}

function parseWorkflow(json: Json): Workflow {
  const summary = record(json.summary);
  const title = text(summary.title);
  const duration = summary.duration;
  return {
    type: oneOf(json.type, ["custom", "reasoning"], "custom"),
    tasks: array(json.tasks, parseTask),
    expanded: flag(json.expanded, false),
    ...(title !== null ? { summary: { title, ...optional("icon", text(summary.icon)) } } : {}),
    ...(title === null && typeof duration === "number" ? { summary: { duration } } : {}),
  };
}

function parseInput(value: unknown): StructuredInput | null {
  if (!isRecord(value)) return null;
  const id = text(value.id);
  const question = text(value.question);
  if (id === null || question === null) return null;
  const answer = isRecord(value.answer)
    ? { values: array(value.answer.values, text), skipped: flag(value.answer.skipped, false) }
    : null;
  const base = { id, question, ...optional("answer", answer) };
  if (value.type === "freeform") {
    return { ...base, type: "freeform", ...optional("description", text(value.description)) };
  }
  if (value.type !== "multiple_choice") return null;
  const options = array(value.options, (option) => text(record(option).value)).map((one) => ({
    value: one,
  }));
  return { ...base, type: "multiple_choice", options, multiple: flag(value.multiple, false) };
}
