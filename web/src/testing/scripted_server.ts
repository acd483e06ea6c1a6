/** A server of the protocol inside the test: a fetch function whose answers a test writes and whose streams it steers. */

export interface SeenRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly type: string;
  readonly params: Record<string, unknown>;
  readonly body: BodyInit | null;
  readonly signal: AbortSignal | null;
}

type Answer = unknown | LiveStream | Response;
type Handler = (params: Record<string, unknown>, request: SeenRequest) => Answer | Promise<Answer>;

export class ScriptedServer {
  readonly requests: SeenRequest[] = [];
  readonly #handlers = new Map<string, Handler>();
  /** Sends `ChatKit-Protocol: 1`, as a server with resume, stop and request ids does. */
  extended = false;

  on(type: string, handler: Handler): this {
    this.#handlers.set(type, handler);
    return this;
  }

  types(): string[] {
    return this.requests.map(({ type }) => type);
  }

  last(type: string): SeenRequest {
    const found = this.requests.findLast((request) => request.type === type);
    if (found === undefined) throw new Error(`No request ${type}; seen: ${this.types().join(", ")}`);
    return found;
  }

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = seen(input, init);
    this.requests.push(request);
    if (request.signal?.aborted) throw new DOMException("aborted", "AbortError");
    const handler = this.#handlers.get(request.type);
    if (handler === undefined)
      return json({ error: { code: "request.invalid", message: `No answer for ${request.type}` } }, 400);
    const answer = await handler(request.params, request);
    if (answer instanceof Response) return answer;
    const headers: Record<string, string> = this.extended ? { "ChatKit-Protocol": "1" } : {};
    if (!(answer instanceof LiveStream)) return json(answer, 200, headers);
    request.signal?.addEventListener("abort", () => answer.abort());
    return new Response(answer.body, { headers: { "Content-Type": "text/event-stream", ...headers } });
  };
}

/** A stream of events that stays open until the test closes or breaks it. */
export class LiveStream {
  readonly body: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #number: number;
  readonly #run: string | null;
  aborted = false;

  /** With a run id, frames carry `<run>:<n>`. */
  constructor(run: string | null = null, from = 1) {
    this.#run = run;
    this.#number = from;
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: () => {
        this.aborted = true;
      },
    });
  }

  send(...events: readonly object[]): this {
    for (const event of events) {
      const id = this.#run === null ? "" : `id: ${this.#run}:${this.#number++}\n`;
      this.raw(`${id}data: ${JSON.stringify(event)}\n\n`);
    }
    return this;
  }

  raw(text: string): this {
    this.#controller?.enqueue(new TextEncoder().encode(text));
    return this;
  }

  close(): this {
    this.#controller?.close();
    return this;
  }

  /** The line breaks. */
  drop(): this {
    this.#controller?.error(new TypeError("network error"));
    return this;
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    try {
      this.#controller?.error(new DOMException("aborted", "AbortError"));
    } catch {
      // Already closed: nothing is left to abort.
    }
  }
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });
}

/** A stream that says all this and ends. */
export function answered(...events: readonly object[]): LiveStream {
  return new LiveStream().send(...events).close();
}

function seen(input: RequestInfo | URL, init: RequestInit | undefined): SeenRequest {
  const body = init?.body ?? null;
  const parsed =
    typeof body === "string" && body.startsWith("{")
      ? (JSON.parse(body) as { type?: string; params?: Record<string, unknown> })
      : {};
  return {
    url: String(input),
    method: init?.method ?? "GET",
    headers: Object.fromEntries(Object.entries((init?.headers ?? {}) as Record<string, string>)),
    type: parsed.type ?? "upload",
    params: parsed.params ?? {},
    body,
    signal: init?.signal ?? null,
  };
}
