import { IntegrationError, isAbort, toError, UploadError } from "../protocol/errors.ts";
import { parseAttachment } from "../protocol/guards.ts";
import type { Attachment, UploadDescriptor } from "../protocol/types.ts";
import { type Kernel, nextNumber } from "./kernel.ts";
import { refusal } from "./limits.ts";
import type { DraftAttachment } from "./state.ts";

/** The files of the draft: checked, uploaded by the page's strategy, retried, removed. */
export class Attachments {
  readonly #kernel: Kernel;
  readonly #uploads = new Map<string, AbortController>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  add(files: readonly File[]): void {
    for (const file of files) {
      const options = this.#kernel.options().attachments;
      const why = options === null ? null : refusal(file, this.#list().length, options);
      if (options === null) return;
      if (why === null) void this.#upload(this.#append(file), file);
      else this.#refuse(file, why);
    }
  }

  /** Attachments that the page uploaded itself. */
  set(attachments: readonly Attachment[]): void {
    this.clear();
    const tiles = attachments.map((attachment) => ({
      ...tile(attachment.name, attachment.mime_type, null, null),
      phase: "done" as const,
      attachment,
    }));
    this.#update(() => tiles);
  }

  retry(key: string): void {
    const found = this.#list().find((one) => one.key === key);
    if (found?.file && found.phase === "failed") void this.#upload(key, found.file);
  }

  remove(key: string): void {
    const found = this.#list().find((one) => one.key === key);
    this.#uploads.get(key)?.abort();
    this.#update((list) => list.filter((one) => one.key !== key));
    // Only what was uploaded from here is deleted; an attachment of the page's own is the page's.
    if (found?.attachment && found.file !== null) void this.#delete(found.attachment.id);
  }

  /** Forgets all tiles, as after sending. */
  clear(): void {
    for (const upload of this.#uploads.values()) upload.abort();
    this.#update((list) => (list.length === 0 ? list : []));
  }

  get uploaded(): readonly Attachment[] {
    return this.#list()
      .map(({ attachment }) => attachment)
      .filter((attachment) => attachment !== null);
  }

  get pending(): boolean {
    return this.#list().some(({ phase }) => phase !== "done");
  }

  #append(file: File): string {
    const added = tile(file.name, file.type, file.size, file);
    this.#update((list) => [...list, added]);
    return added.key;
  }

  async #upload(key: string, file: File): Promise<void> {
    const upload = new AbortController();
    this.#uploads.set(key, upload);
    this.#change(key, { phase: "uploading", error: null });
    this.#kernel.log("attachment.upload", { mime_type: file.type, size: file.size });
    try {
      const attachment = await this.#send(file, upload.signal);
      this.#change(key, { phase: "done", attachment });
    } catch (thrown) {
      if (upload.signal.aborted || isAbort(thrown)) return;
      const cause = toError(thrown);
      const error =
        cause instanceof IntegrationError
          ? cause
          : new UploadError("upload.failed", `${file.name}: ${cause.message}`, { cause });
      this.#change(key, { phase: "failed", error });
      this.#kernel.report(error);
    } finally {
      if (this.#uploads.get(key) === upload) this.#uploads.delete(key);
    }
  }

  async #send(file: File, signal: AbortSignal): Promise<Attachment> {
    const { uploadStrategy } = this.#kernel.options().api;
    if (uploadStrategy === null) {
      throw new IntegrationError(
        "options.upload_strategy",
        "Attachments are on but api.uploadStrategy is missing",
      );
    }
    return uploadStrategy.type === "direct"
      ? this.#direct(file, uploadStrategy.uploadUrl, signal)
      : this.#twoPhase(file, signal);
  }

  async #direct(file: File, url: string, signal: AbortSignal): Promise<Attachment> {
    const answer = await this.#kernel.client.upload(
      url,
      { method: "POST", headers: {}, body: form(file) },
      signal,
    );
    return attachmentOf(answer, "The upload");
  }

  async #twoPhase(file: File, signal: AbortSignal): Promise<Attachment> {
    const params = { name: file.name, size: file.size, mime_type: file.type || "application/octet-stream" };
    const answer = await this.#kernel.client.single({ type: "attachments.create", params }, signal);
    const attachment = attachmentOf(answer, "attachments.create");
    if (attachment.upload_descriptor === undefined) {
      throw new UploadError("upload.no_address", "attachments.create answered without an upload_descriptor");
    }
    try {
      await this.#kernel.client.upload(...uploadCall(attachment.upload_descriptor, file), signal);
    } catch (error) {
      void this.#delete(attachment.id);
      throw error;
    }
    const { upload_descriptor: _used, ...uploaded } = attachment;
    return uploaded;
  }

  async #delete(id: string): Promise<void> {
    try {
      await this.#kernel.client.single(
        { type: "attachments.delete", params: { attachment_id: id } },
        new AbortController().signal,
      );
    } catch (thrown) {
      this.#kernel.report(toError(thrown));
    }
  }

  #refuse(file: File, why: NonNullable<ReturnType<typeof refusal>>): void {
    const error = new UploadError(
      why.code,
      `${file.name} was not added: ${why.code}${"limit" in why ? ` (${why.limit})` : ""}`,
    );
    const limit: Record<string, string | number> = "limit" in why ? { limit: why.limit } : {};
    this.#kernel.toast("warning", why.code, { name: file.name, ...limit }, error);
  }

  #list(): readonly DraftAttachment[] {
    return this.#kernel.store.now.composer.attachments;
  }

  #change(key: string, change: Partial<DraftAttachment>): void {
    this.#update((list) => list.map((one) => (one.key === key ? { ...one, ...change } : one)));
  }

  #update(change: (list: readonly DraftAttachment[]) => readonly DraftAttachment[]): void {
    this.#kernel.store.update((state) => {
      const attachments = change(state.composer.attachments);
      return attachments === state.composer.attachments
        ? state
        : { ...state, composer: { ...state.composer, attachments } };
    });
  }
}

/** POST is a form with the field `file`; PUT is the bytes, as presigned storage wants them. */
function uploadCall(
  descriptor: UploadDescriptor,
  file: File,
): [string, { method: string; headers: Record<string, string>; body: BodyInit }] {
  const headers = { ...descriptor.headers };
  if (descriptor.method === "PUT") {
    const named = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
    const type = named ? {} : { "Content-Type": file.type || "application/octet-stream" };
    return [descriptor.url, { method: "PUT", headers: { ...type, ...headers }, body: file }];
  }
  // The browser writes the boundary of a form into Content-Type: a given one would break it.
  const kept = Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.toLowerCase() !== "content-type"),
  );
  return [descriptor.url, { method: "POST", headers: kept, body: form(file) }];
}

function form(file: File): FormData {
  const data = new FormData();
  data.append("file", file, file.name);
  return data;
}

function attachmentOf(answer: unknown, what: string): Attachment {
  const attachment = parseAttachment(answer);
  if (attachment === null)
    throw new UploadError("upload.answer", `${what} was not answered with an attachment`);
  return attachment;
}

function tile(name: string, mimeType: string, size: number | null, file: File | null): DraftAttachment {
  return {
    key: `file-${nextNumber()}`,
    name,
    mimeType,
    size,
    phase: "queued",
    attachment: null,
    file,
    error: null,
  };
}
