import { signal } from "@preact/signals";
import { loadingOf, mergeValues } from "../core/actions.ts";
import type { ActionRequest } from "../widgets/host.ts";
import { source, stateIndex } from "./draft.ts";
import { kept, replyDelay } from "./settings.ts";

/** One action that a widget in the preview has fired. */
export interface Fired {
  readonly id: number;
  readonly at: number;
  readonly type: string;
  /** As it would reach the server: with the values of the form. */
  readonly payload: unknown;
  readonly handler: "server" | "client";
  readonly loading: string;
  readonly trigger: string;
  readonly source: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Fields left out because the payload already has their name. */
  readonly collisions: readonly string[];
  readonly status: "under way" | "done";
  readonly took: number;
}

/** What a made-up server answers to actions of one type. */
export type Reply =
  | { readonly kind: "state"; readonly state: string }
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "errors"; readonly text: string };

export const fired = signal<readonly Fired[]>([]);
export const replies = kept<Readonly<Record<string, Reply>>>("actions.replies", {});
/** Said below the widget by the last reply. */
export const said = signal("");
/** Put at fields by the last reply, by name. */
export const fieldErrors = signal<Readonly<Record<string, string>>>({});

const KEEP = 100;
let next = 1;

export function clearActions(): void {
  fired.value = [];
  said.value = "";
  fieldErrors.value = {};
}

export function setReply(type: string, reply: Reply | null): void {
  const { [type]: _, ...others } = replies.value;
  replies.value = reply ? { ...others, [type]: reply } : others;
}

function mark(id: number, started: number): void {
  const took = Math.round(performance.now() - started);
  fired.value = fired.value.map((one) => (one.id === id ? { ...one, status: "done", took } : one));
}

function answer(reply: Reply | undefined, values: Readonly<Record<string, unknown>>): void {
  fieldErrors.value = {};
  if (!reply) return;
  if (reply.kind === "message") said.value = reply.text;
  if (reply.kind === "errors") {
    fieldErrors.value = Object.fromEntries(Object.keys(values).map((name) => [name, reply.text]));
  }
  if (reply.kind === "state") {
    const index = source.value.states.findIndex((state) => state.name === reply.state);
    if (index >= 0) stateIndex.value = index;
  }
}

/** Carries an action out as a server would: after a while, with the reply that was attached to its type. */
export async function perform(request: ActionRequest): Promise<void> {
  const started = performance.now();
  const { action, trigger } = request;
  const values = request.values ?? {};
  const { payload, collisions } = mergeValues(action.payload, values);
  const id = next++;
  const entry: Fired = {
    id,
    at: Date.now(),
    type: action.type,
    payload,
    handler: action.handler ?? "server",
    loading: `${action.loadingBehavior ?? "auto"} → ${loadingOf(action, trigger)}`,
    trigger,
    source: request.source ?? "",
    values,
    collisions,
    status: "under way",
    took: 0,
  };
  fired.value = [entry, ...fired.value].slice(0, KEEP);
  await new Promise((resolve) => setTimeout(resolve, replyDelay.value));
  mark(id, started);
  answer(replies.value[action.type], values);
}
