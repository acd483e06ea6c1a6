import { ChatKitError, HttpError, StreamError } from "../protocol/errors.ts";
import type { TurnError } from "./state.ts";

/** Requests that would be refused the same way again. */
const FINAL_STATUSES = new Set([400, 403, 404, 413, 422]);

/** A failure in the form of the error block. */
export function failureOf(error: Error): TurnError {
  const code = error instanceof ChatKitError ? error.code : "unknown";
  const requestId = error instanceof ChatKitError ? (error.requestId ?? null) : null;
  return { error, code, allowRetry: isRetryable(error), requestId };
}

function isRetryable(error: Error): boolean {
  if (error instanceof StreamError) return error.allowRetry;
  return !(error instanceof HttpError && FINAL_STATUSES.has(error.status));
}
