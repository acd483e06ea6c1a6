/** Wire objects as a server writes them, for tests. */

const at = "2026-01-01T00:00:00";

export const wire = {
  thread: (id = "thr_1", rest: object = {}) => ({
    id,
    created_at: at,
    status: { type: "active" },
    items: { data: [], has_more: false },
    ...rest,
  }),
  user: (id: string, text = "Hello", rest: object = {}) => ({
    type: "user_message",
    id,
    thread_id: "thr_1",
    created_at: at,
    content: [{ type: "input_text", text }],
    attachments: [],
    inference_options: {},
    ...rest,
  }),
  assistant: (id: string, text = "", rest: object = {}) => ({
    type: "assistant_message",
    id,
    thread_id: "thr_1",
    created_at: at,
    content: text === "" ? [] : [{ type: "output_text", text, annotations: [] }],
    ...rest,
  }),
  widget: (id: string, widget: object) => ({
    type: "widget",
    id,
    thread_id: "thr_1",
    created_at: at,
    widget,
  }),
  tool: (id: string, name: string, args: object = {}) => ({
    type: "client_tool_call",
    id,
    thread_id: "thr_1",
    created_at: at,
    status: "pending",
    call_id: `call_${id}`,
    name,
    arguments: args,
  }),
  created: (thread: object) => ({ type: "thread.created", thread }),
  added: (item: object) => ({ type: "thread.item.added", item }),
  done: (item: object) => ({ type: "thread.item.done", item }),
  updated: (item_id: string, update: object) => ({ type: "thread.item.updated", item_id, update }),
  delta: (item_id: string, delta: string, content_index = 0) => ({
    type: "thread.item.updated",
    item_id,
    update: { type: "assistant_message.content_part.text_delta", content_index, delta },
  }),
  options: (allow_cancel = true) => ({ type: "stream_options", stream_options: { allow_cancel } }),
  error: (rest: object = {}) => ({ type: "error", code: "stream.error", allow_retry: true, ...rest }),
};
