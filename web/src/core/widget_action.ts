/** The rules of widget actions: what shows as loading, what may run beside a stream, what is sent. Pure functions. */
import type { ActionTrigger, WidgetAction } from "./api.ts";

export type Loading = "self" | "container" | "none";

const AUTOMATIC: Readonly<Record<string, Loading>> = {
  "Button.onClickAction": "self",
  "Card.confirm": "container",
  "Card.cancel": "container",
  "ListViewItem.onClickAction": "self",
  "Form.onSubmitAction": "self",
};

/** What shows that this action is under way; changes of a control show nothing by themselves. */
export function loadingOf(action: WidgetAction, trigger: ActionTrigger): Loading {
  const wanted = action.loadingBehavior ?? "auto";
  if (wanted === "self" || wanted === "container" || wanted === "none") return wanted;
  return AUTOMATIC[trigger] ?? "none";
}

/** True for actions that may start while the thread streams. */
export function runsOutsideStream(action: WidgetAction): boolean {
  return action.handler === "client" || action.streaming === false || action.streaming === "false";
}

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Path of a dotted field name, or `null` for one that would reach into an object's prototype. */
function pathOf(name: string): readonly string[] | null {
  const path = name.split(".").filter((part) => part !== "");
  const forbidden = path.some(
    (part) => part === "__proto__" || part === "constructor" || part === "prototype",
  );
  return path.length === 0 || forbidden ? null : path;
}

/** The tree with the value at the path, or `null` where something is already there. */
function placed(tree: Tree, path: readonly string[], value: unknown): Tree | null {
  const [head, ...rest] = path;
  if (head === undefined) return null;
  const taken = Object.hasOwn(tree, head);
  if (rest.length === 0) return taken ? null : { ...tree, [head]: value };
  const below = taken ? tree[head] : {};
  const inner = isTree(below) ? placed(below, rest, value) : null;
  return inner && { ...tree, [head]: inner };
}

/**
 * An action's payload with the values of its form: `todo.title` becomes `payload.todo.title`. What the payload already
 * says stays; the names of the values left out for that reason are returned as collisions.
 */
export function mergeValues(
  payload: unknown,
  values: Readonly<Record<string, unknown>> = {},
): { readonly payload: unknown; readonly collisions: readonly string[] } {
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
