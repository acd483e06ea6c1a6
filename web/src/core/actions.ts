/** What an action of a widget means: its payload with the form's values, where it goes, what shows as loading. */
import type { ActionRequest, WidgetAction } from "./api.ts";

export interface Merged {
  readonly payload: unknown;
  /** Names of form values that the payload already had; the payload's own value counts. */
  readonly collisions: readonly string[];
}

/** Values go into the payload under their names; a dot in a name nests: `todo.title` → `{todo: {title}}`. */
export function mergePayload(payload: unknown, values: Readonly<Record<string, unknown>>): Merged {
  const names = Object.keys(values);
  if (names.length === 0) return { payload, collisions: [] };
  if (payload !== undefined && payload !== null && !isPlain(payload)) return { payload, collisions: names };
  const collisions: string[] = [];
  let merged: Record<string, unknown> = { ...(payload ?? {}) };
  for (const name of names) {
    const next = put(merged, name.split("."), values[name]);
    if (next === null) collisions.push(name);
    else merged = next;
  }
  return { payload: merged, collisions };
}

/** Names that would reach an object's machinery instead of its data. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/** A copy with the value at that path; null when something is there already or the path leads nowhere good. */
function put(
  target: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
): Record<string, unknown> | null {
  const [name, ...rest] = path;
  if (name === undefined || name === "" || FORBIDDEN.has(name)) return null;
  const existing = Object.hasOwn(target, name) ? target[name] : undefined;
  if (rest.length === 0) return existing === undefined ? { ...target, [name]: value } : null;
  if (existing !== undefined && !isPlain(existing)) return null;
  const inner = put(existing ?? {}, rest, value);
  return inner === null ? null : { ...target, [name]: inner };
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `page`: the page's own handler. `stream`: a turn. `sync`: one answer, also while a turn runs. */
export type Route = "page" | "stream" | "sync";

export function routeOf(action: WidgetAction): Route {
  if (action.handler === "client") return "page";
  return action.streaming === false || action.streaming === "false" ? "sync" : "stream";
}

const AUTOMATIC: Readonly<Record<string, "self" | "container" | "none">> = {
  "Button.onClickAction": "self",
  "ListViewItem.onClickAction": "self",
  "Form.onSubmitAction": "self",
  "Card.confirm": "container",
  "Card.cancel": "container",
};

export function loadingOf(request: Pick<ActionRequest, "action" | "trigger">): "self" | "container" | "none" {
  const wanted = request.action.loadingBehavior ?? "auto";
  return wanted === "auto" ? (AUTOMATIC[request.trigger] ?? "none") : wanted;
}
