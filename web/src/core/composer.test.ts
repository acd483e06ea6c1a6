import { describe, expect, test, vi } from "vitest";
import { answered, json, ScriptedServer } from "../testing/scripted_server.ts";
import { openSession } from "../testing/session.ts";
import { wire } from "../testing/wire.ts";
import { isAccepted, refusal, sizeLimit } from "./limits.ts";
import type { SessionOptions } from "./options.ts";

const tools = [
  { id: "search", label: "Search", persistent: false },
  { id: "canvas", label: "Canvas", persistent: true },
];
const models = [
  { id: "off", label: "Off", disabled: true, default: true },
  { id: "small", label: "Small", disabled: false, default: false },
  { id: "big", label: "Big", disabled: false, default: true },
];
const text = (words: string) => [{ type: "input_text" as const, text: words }];
const friendly = () =>
  new ScriptedServer()
    .on("threads.create", () => answered(wire.created(wire.thread()), wire.done(wire.user("u1"))))
    .on("threads.add_user_message", () => answered(wire.done(wire.user("u2"))));

describe("the draft", () => {
  test("F098 F032 sending clears it and the tool, unless the tool is persistent", async () => {
    const server = friendly();
    const chat = openSession(server, { tools });
    chat.session.selectTool("search");
    chat.session.setDraft(text("one"));
    chat.session.setQuote("earlier");
    const { revision } = chat.state().composer;
    await chat.session.submitDraft();
    await chat.idle();
    expect(chat.state().composer).toMatchObject({
      draft: { content: [], quote: null },
      toolId: null,
      revision: revision + 1,
    });
    chat.session.selectTool("canvas");
    chat.session.setDraft(text("two"));
    await chat.session.submitDraft();
    await chat.idle();
    expect(chat.state().composer.toolId).toBe("canvas");
    expect(chat.heard.filter(({ name }) => name === "tool.change").map(({ detail }) => detail)).toEqual([
      { toolId: "search" },
      { toolId: null },
      { toolId: "canvas" },
    ]);
    expect(server.last("threads.create").params).toMatchObject({
      input: { quoted_text: "earlier", inference_options: { tool_choice: { id: "search" } } },
    });
  });

  test("F099 the first model is the default that can be chosen, and it is sent", async () => {
    const server = friendly();
    const chat = openSession(server, { models });
    expect(chat.state().composer.modelId).toBe("big");
    chat.session.selectModel("small");
    expect(() => chat.session.selectModel("off")).toThrow(/no model "off"/);
    chat.session.setDraft(text("one"));
    await chat.session.submitDraft();
    expect(server.last("threads.create").params).toMatchObject({
      input: { inference_options: { model: "small" } },
    });
  });

  test("choices that new options do not offer fall back", () => {
    const server = friendly();
    const chat = openSession(server, { tools, models });
    chat.session.selectTool("search");
    chat.session.configure({
      ...options(server),
      models: [{ id: "new", label: "New", disabled: false, default: false }],
    });
    expect(chat.state().composer).toMatchObject({ toolId: null, modelId: "new" });
  });

  test("what the editor writes does not come back to it", () => {
    const chat = openSession(friendly());
    const { revision } = chat.state().composer;
    chat.session.setDraft(text("typing"));
    expect(chat.state().composer.revision).toBe(revision);
  });

  test("cannot be sent while empty, busy, disabled, or with a file on its way", () => {
    const chat = openSession(friendly());
    expect(chat.session.canSubmit()).toBe(false);
    chat.session.setDraft(text("x"));
    expect(chat.session.canSubmit()).toBe(true);
    chat.session.configure({ ...options(new ScriptedServer()), disabled: true });
    expect(chat.session.canSubmit()).toBe(false);
  });
});

function options(server: ScriptedServer): SessionOptions {
  return {
    api: { url: "http://127.0.0.1/c", fetch: server.fetch, uploadStrategy: null, getClientSecret: null },
    locale: "en",
    initialThread: null,
    tools: [],
    models: [],
    attachments: null,
    historyEnabled: true,
    disabled: false,
    onClientTool: null,
    onAction: null,
  };
}

const MB = 1024 * 1024;
const file = (name: string, type: string, size = 3) => new File([new Uint8Array(size)], name, { type });
const rules = { maxSize: MB, maxCount: 2, accept: null };

describe("F105 F106 limits", () => {
  test.each([
    ["image/png", 10 * MB],
    ["image/gif", 5 * MB],
    ["text/plain", 2 * MB],
  ])("%s may have %d bytes: the exact type before the family before the rest", (type, bytes) => {
    expect(sizeLimit(type, { "image/png": 10 * MB, "image/*": 5 * MB, "*": 2 * MB })).toBe(bytes);
  });

  test("the empty key is the fallback too, and without one the default counts", () => {
    expect(sizeLimit("text/plain", { "": 7 })).toBe(7);
    expect(sizeLimit("text/plain", { "image/*": 7 })).toBe(100 * MB);
  });

  test("a type is taken by its pattern or by its extension", () => {
    const accept = { "image/*": [".png"], "application/pdf": [".pdf", "PS"] };
    expect(isAccepted(file("a.gif", "image/gif"), accept)).toBe(true);
    expect(isAccepted(file("a.PDF", ""), accept)).toBe(true);
    expect(isAccepted(file("a.ps", ""), accept)).toBe(true);
    expect(isAccepted(file("a.txt", "text/plain"), accept)).toBe(false);
  });

  test("count, type and size are refused by name", () => {
    expect(refusal(file("a", "x/y"), 2, rules)).toEqual({ code: "attachment.too_many", limit: 2 });
    expect(refusal(file("a", "x/y", MB + 1), 0, rules)).toEqual({ code: "attachment.too_large", limit: MB });
    expect(refusal(file("a", "x/y"), 0, { ...rules, accept: { "image/*": [] } })).toEqual({
      code: "attachment.type",
    });
    expect(refusal(file("a", "x/y"), 0, rules)).toBeNull();
  });
});

describe("uploads", () => {
  const settled = (chat: ReturnType<typeof openSession>) =>
    chat.until(
      ({ composer }) =>
        composer.attachments.length > 0 &&
        composer.attachments.every(({ phase }) => phase === "done" || phase === "failed"),
    );

  function uploading(server: ScriptedServer, uploadStrategy: SessionOptions["api"]["uploadStrategy"]) {
    return openSession(server, {
      attachments: { maxSize: MB, maxCount: 10, accept: null },
      api: { ...options(server).api, uploadStrategy },
    });
  }

  test("F107 direct: one POST with the field `file`", async () => {
    const server = new ScriptedServer().on("upload", () => ({
      type: "file",
      id: "f1",
      name: "a.txt",
      mime_type: "text/plain",
    }));
    const chat = uploading(server, { type: "direct", uploadUrl: "http://127.0.0.1/up" });
    chat.session.addFiles([file("a.txt", "text/plain")]);
    expect(chat.state().composer.attachments[0]?.phase).toBe("uploading");
    await settled(chat);
    const { body, method, headers, url } = server.last("upload");
    expect([method, url, headers]).toEqual(["POST", "http://127.0.0.1/up", {}]);
    expect((body as FormData).get("file")).toBeInstanceOf(File);
    expect(chat.state().composer.attachments[0]?.attachment?.id).toBe("f1");
  });

  test.each([
    ["POST", { "X-Token": "1", "content-type": "no" }, { "X-Token": "1" }],
    ["PUT", { "X-Token": "1" }, { "Content-Type": "text/plain", "X-Token": "1" }],
    ["PUT", { "content-type": "own/type" }, { "content-type": "own/type" }],
  ])("F108 two phases with %s and %j", async (method, given, sent) => {
    const server = new ScriptedServer()
      .on("attachments.create", () => ({
        type: "file",
        id: "f1",
        name: "a.txt",
        mime_type: "text/plain",
        upload_descriptor: { url: "http://127.0.0.1/put", method, headers: given },
      }))
      .on("upload", () => new Response(null, { status: 204 }));
    const chat = uploading(server, { type: "two_phase" });
    chat.session.addFiles([file("a.txt", "text/plain", 5)]);
    await settled(chat);
    expect(server.last("attachments.create").params).toEqual({
      name: "a.txt",
      size: 5,
      mime_type: "text/plain",
    });
    expect(server.last("upload")).toMatchObject({ method, headers: sent });
    expect(server.last("upload").body).toBeInstanceOf(method === "POST" ? FormData : File);
    expect(chat.state().composer.attachments[0]?.attachment).not.toHaveProperty("upload_descriptor");
  });

  test("F112 a failed upload says so, deletes what it began and can be tried again", async () => {
    let down = true;
    const server = new ScriptedServer()
      .on("attachments.create", () => ({
        type: "file",
        id: "f1",
        name: "a.txt",
        mime_type: "text/plain",
        upload_descriptor: { url: "http://127.0.0.1/put", method: "PUT" },
      }))
      .on("attachments.delete", () => ({}))
      .on("upload", () => (down ? json({}, 500) : new Response(null, { status: 204 })));
    const chat = uploading(server, { type: "two_phase" });
    chat.session.addFiles([file("a.txt", "text/plain")]);
    await settled(chat);
    expect(chat.state().composer.attachments[0]).toMatchObject({
      phase: "failed",
      error: { name: "UploadError" },
    });
    expect(server.types()).toContain("attachments.delete");
    expect(chat.errors()[0]).toMatchObject({ name: "UploadError" });
    down = false;
    chat.session.retryAttachment(chat.state().composer.attachments[0]?.key ?? "");
    await settled(chat);
    expect(chat.state().composer.attachments[0]?.phase).toBe("done");
  });

  test("F110 taking an uploaded file away deletes it, the page's own attachment stays the page's", async () => {
    const server = new ScriptedServer()
      .on("upload", () => ({ type: "file", id: "f1", name: "a.txt", mime_type: "text/plain" }))
      .on("attachments.delete", () => ({}));
    const chat = uploading(server, { type: "direct", uploadUrl: "http://127.0.0.1/up" });
    chat.session.addFiles([file("a.txt", "text/plain")]);
    await settled(chat);
    chat.session.removeAttachment(chat.state().composer.attachments[0]?.key ?? "");
    await vi.waitFor(() => expect(server.last("attachments.delete").params).toEqual({ attachment_id: "f1" }));
    chat.session.composer.setAttachments([{ type: "file", id: "f2", name: "b", mime_type: "x/y" }]);
    chat.session.removeAttachment(chat.state().composer.attachments[0]?.key ?? "");
    expect(server.requests.filter(({ type }) => type === "attachments.delete")).toHaveLength(1);
  });

  test("F105 a refused file becomes a toast and an error, not a tile", () => {
    const chat = uploading(new ScriptedServer(), { type: "direct", uploadUrl: "http://127.0.0.1/up" });
    chat.session.addFiles([file("big.bin", "x/y", MB + 1)]);
    expect(chat.state().composer.attachments).toEqual([]);
    expect(chat.state().toasts[0]).toMatchObject({
      code: "attachment.too_large",
      params: { name: "big.bin", limit: MB },
    });
    expect(chat.errors()[0]).toMatchObject({ name: "UploadError", code: "attachment.too_large" });
    chat.session.dismissToast(chat.state().toasts[0]?.id ?? 0);
    expect(chat.state().toasts).toEqual([]);
  });
});

test("F114 dictation sends the recording with its raw type", async () => {
  const server = new ScriptedServer().on("input.transcribe", () => ({ text: "good day" }));
  const chat = openSession(server);
  const type = "audio/webm;codecs=opus";
  expect(await chat.session.transcribe(new Blob(["abc"]), type)).toBe("good day");
  expect(server.last("input.transcribe").params).toEqual({ audio_base64: "YWJj", mime_type: type });
});
