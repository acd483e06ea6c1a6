/** Readers of what items are made of: content, annotations, sources, tasks, attachments. */
import { array, flag, isRecord, type Json, number, oneOf, optional, record, text } from "./fields.ts";
import type {
  Annotation,
  AssistantMessageContent,
  Attachment,
  Author,
  FileSource,
  GeneratedImage,
  Source,
  Task,
  UploadDescriptor,
  URLSource,
  UserMessageContent,
} from "./types.ts";

export function parsePart(value: unknown): AssistantMessageContent | null {
  if (!isRecord(value)) return null;
  return {
    type: "output_text",
    text: text(value.text) ?? "",
    annotations: array(value.annotations, parseAnnotation),
  };
}

export function parseAnnotation(value: unknown): Annotation | null {
  if (!isRecord(value)) return null;
  const source = parseSource(value.source);
  return source === null ? null : { type: "annotation", source, ...optional("index", number(value.index)) };
}

export function parseSource(value: unknown): Source | null {
  if (!isRecord(value)) return null;
  const base = {
    title: text(value.title) ?? "",
    ...optional("description", text(value.description)),
    ...optional("timestamp", text(value.timestamp)),
    ...optional("group", text(value.group)),
  };
  switch (value.type) {
    case "url":
      return {
        ...base,
        type: "url",
        url: text(value.url) ?? "",
        ...optional("attribution", text(value.attribution)),
      };
    case "file":
      return { ...base, type: "file", filename: text(value.filename) ?? base.title };
    case "entity":
      return {
        ...base,
        type: "entity",
        id: text(value.id) ?? "",
        interactive: flag(value.interactive, false),
        data: record(value.data),
        ...optional("icon", text(value.icon)),
        ...optional("label", text(value.label)),
        ...optional("inline_label", text(value.inline_label)),
        ...(value.preview === "lazy" ? { preview: "lazy" as const } : {}),
      };
    default:
      return null;
  }
}

const isUrl = (source: Source | null): source is URLSource => source?.type === "url";
const isFile = (source: Source | null): source is FileSource => source?.type === "file";

export function parseTask(value: unknown): Task | null {
  if (!isRecord(value)) return null;
  const base = {
    status_indicator: oneOf(value.status_indicator, ["none", "loading", "complete"], "none"),
    ...optional("title", text(value.title)),
  };
  const kind = value.type;
  return typeof kind === "string" && Object.hasOwn(TASKS, kind)
    ? TASKS[kind as Task["type"]](value, base)
    : null;
}

type TaskBase = { status_indicator: "none" | "loading" | "complete"; title?: string };

const TASKS: { [K in Task["type"]]: (json: Json, base: TaskBase) => Extract<Task, { type: K }> } = {
  custom: (json, base) => ({
    ...base,
    type: "custom",
    ...optional("icon", text(json.icon)),
    ...optional("content", text(json.content)),
  }),
  web_search: (json, base) => ({
    ...base,
    type: "web_search",
    queries: array(json.queries, text),
    sources: array(json.sources, parseSource).filter(isUrl),
    ...optional("title_query", text(json.title_query)),
  }),
  thought: (json, base) => ({ ...base, type: "thought", content: text(json.content) ?? "" }),
  file: (json, base) => ({
    ...base,
    type: "file",
    sources: array(json.sources, parseSource).filter(isFile),
  }),
  image: (_json, base) => ({ ...base, type: "image" }),
};

export function parseUserContent(value: unknown): UserMessageContent | null {
  if (!isRecord(value)) return null;
  const words = text(value.text) ?? "";
  if (value.type === "input_text") return { type: "input_text", text: words };
  if (value.type !== "input_tag") return null;
  return {
    type: "input_tag",
    id: text(value.id) ?? "",
    text: words,
    data: record(value.data),
    interactive: flag(value.interactive, false),
    ...optional("group", text(value.group)),
  };
}

export function parseAttachment(value: unknown): Attachment | null {
  if (!isRecord(value)) return null;
  const id = text(value.id);
  if (id === null || id === "") return null;
  const base = {
    id,
    name: text(value.name) ?? id,
    mime_type: text(value.mime_type) ?? "application/octet-stream",
    ...optional("upload_descriptor", parseDescriptor(value)),
  };
  if (value.type !== "image") return { ...base, type: "file" };
  return { ...base, type: "image", preview_url: text(value.preview_url) ?? "" };
}

/** Servers from before version 1.5 give only an `upload_url`, meaning a POST. */
function parseDescriptor(attachment: Json): UploadDescriptor | null {
  const legacy = text(attachment.upload_url);
  const descriptor = attachment.upload_descriptor;
  if (!isRecord(descriptor)) return legacy === null ? null : { url: legacy, method: "POST", headers: {} };
  const url = text(descriptor.url);
  if (url === null) return null;
  const headers = Object.entries(record(descriptor.headers)).filter(
    (pair): pair is [string, string] => typeof pair[1] === "string",
  );
  return {
    url,
    method: oneOf(descriptor.method, ["POST", "PUT"], "POST"),
    headers: Object.fromEntries(headers),
  };
}

export function parseImage(value: unknown): GeneratedImage | null {
  if (!isRecord(value)) return null;
  const url = text(value.url);
  return url === null ? null : { id: text(value.id) ?? "", url };
}

export function parseAuthor(value: unknown): Author | null {
  if (!isRecord(value)) return null;
  const name = text(value.name);
  return name === null ? null : { name, ...optional("avatar_url", text(value.avatar_url)) };
}
