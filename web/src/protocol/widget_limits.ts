import { isRecord } from "./fields.ts";
import type { WidgetNode } from "./types.ts";

/** A widget deeper or larger than this is a fault or an attack; drawing it would freeze the page. */
export const MAX_WIDGET_DEPTH = 64;
export const MAX_WIDGET_VALUES = 50_000;
export const MAX_WIDGET_NODES = 5_000;

/** A component with its children as sent, or null when it is none or larger than can be drawn. */
export function parseWidget(value: unknown): WidgetNode | null {
  if (!isRecord(value) || typeof value.type !== "string") return null;
  return fits(value) ? (value as WidgetNode) : null;
}

/** Walks with a stack of its own, so that depth cannot exhaust the engine's. */
function fits(root: unknown): boolean {
  const pending: { value: unknown; depth: number }[] = [{ value: root, depth: 1 }];
  let nodes = 0;
  let values = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    values += 1;
    if (typeof value !== "object" || value === null) continue;
    if (isRecord(value) && typeof value.type === "string") nodes += 1;
    // A tree level of components is two of JSON: the array and the object.
    if (depth > MAX_WIDGET_DEPTH * 2 || nodes > MAX_WIDGET_NODES || values > MAX_WIDGET_VALUES) return false;
    for (const child of Object.values(value)) pending.push({ value: child, depth: depth + 1 });
  }
  return true;
}
