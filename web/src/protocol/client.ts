import { HttpError, isAbort, NetworkError } from "./errors.ts";
import { isRecord, optional, record, text } from "./fields.ts";
import { parseEvent } from "./guards.ts";
import { type AskForSecret, ClientSecret } from "./secret.ts";
import { SseParser } from "./sse.ts";
import type { StreamEvent } from "./types.ts";

/** How requests leave: the page's fetch, called with a string address and plain-object headers. */
export interface Transport {
  readonly url: string;
  readonly fetch: typeof fetch;
  /** `Accept-Language`. */
  readonly locale: string;
  /** `Authorization: Bearer …`, see `ClientSecret`. */
  readonly getClientSecret: AskForSecret | null;
}

export interface WireRequest {
  readonly type: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Frame {
  /** `<run>:<n>` on servers that can resume, else null. */
  readonly id: string | null;
  /** null: not an event that this client knows; `type` tells what it called itself. */
  readonly event: StreamEvent | null;
  readonly type: string | null;
}

export type ClientLog = (name: string, data: Record<string, unknown>) => void;

/** The answer of a server that speaks the additions of this project says so. */
const CAPABILITY_HEADER = "chatkit-protocol";

/**
 * The protocol over HTTP: one POST endpoint, answers as JSON or as a stream of events.
 *
 * Every failure is a `NetworkError` (no answer, or a stream that broke), an `HttpError` (an answer that says no) or the
 * caller's own abort.
 */
export class ProtocolClient {
  readonly #transport: () => Transport;
  readonly #log: ClientLog;
  readonly #secret: ClientSecret;
  #extended = false;

  constructor(transport: () => Transport, log: ClientLog) {
    this.#transport = transport;
    this.#log = log;
    this.#secret = new ClientSecret(() => this.#transport().getClientSecret);
  }

  /** Asks the page for its client secret before it is needed. */
  async prepare(): Promise<void> {
    await this.#secret.value();
  }

  /** Whether this server has shown that it knows resume, stop, branching and request ids. */
  get extended(): boolean {
    return this.#extended;
  }

  /** A request with one JSON answer. */
  async single(request: WireRequest, signal: AbortSignal): Promise<unknown> {
    const response = await this.#post(request, "application/json", signal);
    try {
      const body = await response.text();
      return body === "" ? {} : JSON.parse(body);
    } catch (error) {
      if (isAbort(error)) throw error;
      throw error instanceof SyntaxError
        ? new HttpError(response.status, "response.invalid", `The answer to ${request.type} is not JSON`, {
            cause: error,
          })
        : new NetworkError("network.dropped", `The answer to ${request.type} broke off`, { cause: error });
    }
  }

  /** A request whose answer is a stream of events; ends when the server ends it. `heard` is told of every sign of life. */
  async *stream(
    request: WireRequest,
    signal: AbortSignal,
    heard: () => void = () => undefined,
  ): AsyncGenerator<Frame, void, undefined> {
    const reader = await this.#open(request, signal);
    const parser = new SseParser();
    try {
      for (;;) {
        heard();
        const { done, value } = await read(reader, request.type);
        for (const message of done ? parser.end() : parser.push(value)) {
          const frame = this.#frame(message.id, message.data);
          if (frame !== null) yield frame;
        }
        if (done) return;
      }
    } finally {
      // Leaving early (stop, thread changed) must close the line; after the end it does nothing.
      reader.cancel().catch(() => undefined);
    }
  }

  async #open(request: WireRequest, signal: AbortSignal): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    const response = await this.#post(request, "text/event-stream", signal);
    const kind = response.headers.get("content-type") ?? "";
    if (kind.startsWith("text/event-stream") && response.body !== null) return response.body.getReader();
    throw new HttpError(
      response.status,
      "response.invalid",
      `The answer to ${request.type} should be text/event-stream but is ${kind || "of no type"}`,
    );
  }

  /** The bytes of a file, to wherever the server said. Answers the parsed body when it is JSON. */
  async upload(
    url: string,
    init: { method: string; headers: Record<string, string>; body: BodyInit },
    signal: AbortSignal,
  ): Promise<unknown> {
    const headers = { ...(await this.#proof(url)), ...init.headers };
    const response = await this.#send(url, { ...init, headers, signal });
    if (!response.ok) throw await httpError(response);
    const body = await response.text();
    try {
      return JSON.parse(body);
    } catch {
      return null;
    }
  }

  #frame(id: string | null, data: string): Frame | null {
    if (id !== null && /^.+:\d+$/.test(id)) this.#extended = true;
    let json: unknown;
    try {
      json = JSON.parse(data);
    } catch {
      this.#log("stream.invalid", { reason: "not JSON", length: data.length });
      return null;
    }
    const event = parseEvent(json);
    const type = text(record(json).type);
    if (event === null) this.#log("stream.skipped", { type, ...skipped(json) });
    return { id, event, type };
  }

  async #post(request: WireRequest, accept: string, signal: AbortSignal): Promise<Response> {
    const body = JSON.stringify({ type: request.type, params: request.params });
    const attempt = (secret: string | null): Promise<Response> =>
      this.#send(this.#transport().url, {
        method: "POST",
        headers: this.#headers(accept, secret),
        body,
        signal,
      });
    this.#log("transport.request", { type: request.type });
    const secret = await this.#secret.value();
    let response = await attempt(secret);
    if (response.status === 401 && (await this.#secret.replace(secret)))
      response = await attempt(await this.#secret.value());
    this.#log("transport.response", { type: request.type, status: response.status });
    if (response.headers.get(CAPABILITY_HEADER) !== null) this.#extended = true;
    if (!response.ok) throw await httpError(response);
    return response;
  }

  async #send(url: string, init: RequestInit): Promise<Response> {
    // Detached on purpose: `this` would be the transport, and the browser's own fetch refuses that.
    const { fetch } = this.#transport();
    try {
      return await fetch(url, init);
    } catch (error) {
      if (isAbort(error) || init.signal?.aborted) throw abortError(error);
      throw new NetworkError("network.unreachable", `No answer from ${origin(url)}`, { cause: error });
    }
  }

  /** The client secret goes to the server that it is for, and to nobody else. */
  async #proof(url: string): Promise<Record<string, string>> {
    const secret = origin(url) === origin(this.#transport().url) ? await this.#secret.value() : null;
    return secret === null ? {} : { Authorization: `Bearer ${secret}` };
  }

  #headers(accept: string, secret: string | null): Record<string, string> {
    return {
      "Content-Type": "application/json",
      Accept: accept,
      "Accept-Language": this.#transport().locale,
      ...(secret === null ? {} : { Authorization: `Bearer ${secret}` }),
    };
  }
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>, type: string) {
  try {
    return await reader.read();
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new NetworkError("network.dropped", `The stream of ${type} broke off`, { cause: error });
  }
}

/** The server's own words when it sent them (`{"error": {code, message, …}}`), else the status. */
async function httpError(response: Response): Promise<HttpError> {
  const body = await response.text().catch(() => "");
  const error = errorBody(body);
  const after = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new HttpError(
    response.status,
    text(error.code) ?? `http.${response.status}`,
    text(error.message) ?? `HTTP ${response.status}`,
    {
      requestId: text(error.request_id) ?? response.headers.get("x-request-id") ?? undefined,
      retryAfter: Number.isFinite(after) ? after : undefined,
    },
  );
}

function errorBody(body: string): Record<string, unknown> {
  try {
    const json = record(JSON.parse(body));
    const { error, detail } = json;
    if (isRecord(error)) return error;
    return typeof detail === "string" ? { message: detail } : {};
  } catch {
    return {};
  }
}

function skipped(json: unknown): Record<string, unknown> {
  const { item, update } = record(json);
  return { ...optional("item", text(record(item).type)), ...optional("update", text(record(update).type)) };
}

function abortError(error: unknown): Error {
  return isAbort(error) ? (error as Error) : new DOMException("The request was cancelled", "AbortError");
}

function origin(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
