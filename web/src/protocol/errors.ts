/**
 * What can go wrong, by situation:
 *
 *     ChatKitError                 name, code, message
 *     ├── IntegrationError         the page uses the element wrongly
 *     ├── NetworkError             no answer: offline, refused, dropped
 *     ├── HttpError                an answer with a failing status
 *     ├── StreamError              the server reported a failure inside a stream
 *     ├── UploadError              a file was refused or did not arrive
 *     └── WidgetError              a widget or its form is faulty
 *
 * Names and codes are stable; messages are for people and may change.
 */
export class ChatKitError extends Error {
  override readonly name: string = "ChatKitError";
  /** Dotted lowercase, for example `request.invalid`. */
  readonly code: string;
  /** The server's id of the request, to find it in its log. */
  readonly requestId: string | undefined;

  constructor(code: string, message: string, options?: ErrorOptions & { requestId?: string | undefined }) {
    super(message, options);
    this.code = code;
    this.requestId = options?.requestId;
  }
}

export class IntegrationError extends ChatKitError {
  override readonly name = "IntegrationError";
}

export class NetworkError extends ChatKitError {
  override readonly name = "NetworkError";
}

export class HttpError extends ChatKitError {
  override readonly name = "HttpError";
  readonly status: number;
  /** Seconds to wait before the next try, when the server said so (`Retry-After`). */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    options?: ErrorOptions & { requestId?: string | undefined; retryAfter?: number | undefined },
  ) {
    super(code, message, options);
    this.status = status;
    this.retryAfter = options?.retryAfter;
  }
}

export class StreamError extends ChatKitError {
  override readonly name = "StreamError";
  readonly allowRetry: boolean;

  constructor(
    code: string,
    message: string,
    allowRetry: boolean,
    options?: ErrorOptions & { requestId?: string | undefined },
  ) {
    super(code, message, options);
    this.allowRetry = allowRetry;
  }
}

export class UploadError extends ChatKitError {
  override readonly name = "UploadError";
}

export class WidgetError extends ChatKitError {
  override readonly name = "WidgetError";
}

/** True for the rejection that aborting a request causes; it is never shown to anyone. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** Anything thrown, as an Error whose message can be shown. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new ChatKitError("unknown", String(thrown));
}
