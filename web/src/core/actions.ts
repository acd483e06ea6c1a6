/** The rules of widget actions: where one goes, what shows as loading, what is sent. Pure functions. */
import type { ActionTrigger, WidgetAction } from "./api.ts";

/** `page`: the page's own handler. `stream`: a turn. `sync`: one answer, also while a turn runs. */
export type Route = "page" | "stream" | "sync";

export function routeOf(action: WidgetAction): Route {
  if (action.handler === "client") return "page";
  return action.streaming === false || action.streaming === "false" ? "sync" : "stream";
}

/** True for actions that may start while the thread streams. */
export function runsOutsideStream(action: WidgetAction): boolean {
  return routeOf(action) !== "stream";
}

export type Loading = "self" | "container" | "none";

const AUTOMATIC: Readonly<Record<string, Loading>> = {
  "Button.onClickAction": "self",
  "ListViewItem.onClickAction": "self",
  "Form.onSubmitAction": "self",
  "Card.confirm": "container",
  "Card.cancel": "container",
};

/** What shows that this action is under way; changes of a control show nothing by themselves. */
export function loadingOf(action: WidgetAction, trigger: ActionTrigger): Loading {
  const wanted = action.loadingBehavior ?? "auto";
  return wanted === "auto" ? (AUTOMATIC[trigger] ?? "none") : wanted;
}

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names that would reach an object's machinery instead of its data. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/** Path of a dotted field name, or `null` for one that leads nowhere good. */
function pathOf(name: string): readonly string[] | null {
  const path = name.split(".").filter((part) => part !== "");
  return path.length === 0 || path.some((part) => FORBIDDEN.has(part)) ? null : path;
}

/** The tree with the value at the path, or `null` where something is already there. */
function placed(tree: Tree, path: readonly string[], value: unknown): Tree | null {
  const [head, ...rest] = path;
  if (head === undefined) return null;
  const existing = Object.hasOwn(tree, head) ? tree[head] : undefined;
  if (rest.length === 0) return existing === undefined ? { ...tree, [head]: value } : null;
  if (existing !== undefined && !isTree(existing)) return null;
  const inner = placed(existing ?? {}, rest, value);
  return inner && { ...tree, [head]: inner };
}

export interface Merged {
  readonly payload: unknown;
  /** Names of form values that the payload already had; the payload's own value counts. */
  readonly collisions: readonly string[];
}

/**
 * An action's payload with the values of its form: `todo.title` becomes `payload.todo.title`. What the payload already
 * says stays; the names of the values left out for that reason are returned as collisions.
 */
export function mergeValues(payload: unknown, values: Readonly<Record<string, unknown>> = {}): Merged {
  const names = Object.keys(values);
  if (names.length === 0) return { payload, collisions: [] };
  if (payload !== undefined && payload !== null && !isTree(payload)) return { payload, collisions: names };
  let merged: Tree = payload ?? {};
  const collisions: string[] = [];
  for (const name of names) {
    const path = pathOf(name);
    const next = path && placed(merged, path, values[name]);
    if (next) merged = next;
    else collisions.push(name);
  }
  return { payload: merged, collisions };
}
