/** Changes inside a widget by component id; branches without the component keep their identity. */
import type { WidgetNode } from "../protocol/types.ts";

export function replaceComponent(root: WidgetNode, id: string, component: WidgetNode): WidgetNode {
  return changeById(root, id, () => component);
}

/** Appends to `value` of the text component `id`; when `done`, it no longer says that it streams. */
export function appendText(root: WidgetNode, id: string, delta: string, done: boolean): WidgetNode {
  return changeById(root, id, (node) => ({
    ...node,
    value: `${typeof node.value === "string" ? node.value : ""}${delta}`,
    ...(done && node.streaming === true ? { streaming: false } : {}),
  }));
}

function changeById(root: WidgetNode, id: string, change: (node: WidgetNode) => WidgetNode): WidgetNode {
  const changed = visit(root, id, change);
  return isNode(changed) ? changed : root;
}

/** Components nest in `children` mostly, but a prop may hold one too, so every object and list is looked through. */
function visit(value: unknown, id: string, change: (node: WidgetNode) => WidgetNode): unknown {
  if (Array.isArray(value)) return visitList(value, id, change);
  if (typeof value !== "object" || value === null) return value;
  if (isNode(value) && value.id === id) return change(value);
  for (const [name, before] of Object.entries(value)) {
    // A payload belongs to the app: what looks like a component in there is none.
    if (name === "payload" || typeof before !== "object") continue;
    const after = visit(before, id, change);
    if (after !== before) return { ...value, [name]: after };
  }
  return value;
}

function visitList(
  list: readonly unknown[],
  id: string,
  change: (node: WidgetNode) => WidgetNode,
): readonly unknown[] {
  for (const [index, before] of list.entries()) {
    const after = visit(before, id, change);
    if (after !== before) return list.with(index, after);
  }
  return list;
}

function isNode(value: unknown): value is WidgetNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
