/** What a person wrote, in the form the server takes. */
import type { UserMessageContent, UserMessageInput, UserMessageItem } from "../protocol/types.ts";
import type { MessageInput } from "./api.ts";

/** As the published types of the page have it: a tag may come without its data. */
export type LooseContent =
  | { type: "input_text"; text: string }
  | {
      type: "input_tag";
      id: string;
      text: string;
      data?: Record<string, unknown>;
      group?: string;
      interactive?: boolean;
    };

/** `attachments` and `inference_options` have no default on the server, and a tag needs its `data`. */
export function wireInput(input: MessageInput): UserMessageInput {
  return {
    content: input.content.map(wireContent),
    attachments: (input.attachments ?? []).map(({ id }) => id),
    ...(input.quote ? { quoted_text: input.quote } : {}),
    inference_options: inferenceOptions(input),
  };
}

/** The message as it will look, shown before the server has it. */
export function optimisticItem(id: string, threadId: string | null, input: MessageInput): UserMessageItem {
  return {
    type: "user_message",
    id,
    thread_id: threadId ?? "",
    created_at: new Date().toISOString(),
    content: input.content.map(wireContent),
    attachments: [...(input.attachments ?? [])],
    inference_options: inferenceOptions(input),
    ...(input.quote ? { quoted_text: input.quote } : {}),
  };
}

export function isEmpty(input: Pick<MessageInput, "content" | "attachments">): boolean {
  const written = input.content.some((part) => part.type === "input_tag" || part.text.trim() !== "");
  return !written && (input.attachments ?? []).length === 0;
}

/** A part as the page or the editor gives it, with what the wire needs. */
export function wireContent(part: LooseContent): UserMessageContent {
  if (part.type === "input_text") return { type: "input_text", text: part.text };
  return {
    type: "input_tag",
    id: part.id,
    text: part.text,
    data: part.data ?? {},
    interactive: part.interactive ?? false,
    ...(part.group === undefined ? {} : { group: part.group }),
  };
}

function inferenceOptions(input: MessageInput): UserMessageInput["inference_options"] {
  return {
    ...(input.toolChoice ? { tool_choice: { id: input.toolChoice.id } } : {}),
    ...(input.model ? { model: input.model } : {}),
  };
}
