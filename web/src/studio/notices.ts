import { signal } from "@preact/signals";

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: "plain" | "success" | "danger";
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

export const notices = signal<readonly Notice[]>([]);

let next = 1;
const STAY_MS = 5000;

export function dismiss(id: number): void {
  notices.value = notices.value.filter((one) => one.id !== id);
}

/** A short message at the foot of the page. Those that offer something stay twice as long. */
export function notify(text: string, tone: Notice["tone"] = "plain", action?: Notice["action"]): void {
  const id = next++;
  notices.value = [...notices.value.slice(-2), { id, text, tone, action }];
  setTimeout(() => dismiss(id), action || tone === "danger" ? STAY_MS * 2 : STAY_MS);
}

/** Tells what went wrong, and what to do about it. */
export function complain(reason: unknown): void {
  const hint =
    reason instanceof Error && "hint" in reason && typeof reason.hint === "string" ? ` ${reason.hint}` : "";
  notify((reason instanceof Error ? reason.message : String(reason)) + hint, "danger");
}
