/** What the parts of a session share. */
import type { ProtocolClient } from "../protocol/client.ts";
import type { NoticeLevel } from "../protocol/types.ts";
import type { SessionOptions } from "./options.ts";
import type { StateStore } from "./store.ts";

/** What the page hears, by event name without the `chatkit.` prefix. */
export interface SessionEvents {
  error: { error: Error };
  effect: { name: string; data?: Record<string, unknown> };
  "response.start": undefined;
  "response.end": undefined;
  "thread.change": { threadId: string | null };
  "thread.load.start": { threadId: string };
  "thread.load.end": { threadId: string };
  "tool.change": { toolId: string | null };
  "history.open": undefined;
  "history.close": undefined;
  "message.sent": { threadId: string; itemId: string };
  log: { name: string; data?: Record<string, unknown> };
}

export type Emit = <K extends keyof SessionEvents>(name: K, detail: SessionEvents[K]) => void;

/** Time, as a dependency: tests bring their own. Resolves early when the signal aborts. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export interface Kernel {
  readonly store: StateStore;
  readonly client: ProtocolClient;
  readonly wait: Wait;
  options(): SessionOptions;
  emit: Emit;
  log(name: string, data?: Record<string, unknown>): void;
  report(error: Error): void;
  toast(level: NoticeLevel, code: string, params?: Record<string, string | number>, error?: Error): void;
}

let counter = 0;

/** A number that no other call has given, for keys of local things. */
export function nextNumber(): number {
  counter += 1;
  return counter;
}

/** A random name for a request or a local item. */
export function randomId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `${prefix}_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
