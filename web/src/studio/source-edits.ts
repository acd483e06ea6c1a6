import { type Change, type ComponentDefinition, call, type SourceNode } from "./api.ts";
import { built, placedState, whenDrawn } from "./building.ts";
import { activeState, edit, source } from "./draft.ts";
import { complain } from "./notices.ts";
import { nodeAround, nodes, select, selected, selectedId, sourceAt } from "./selection.ts";
import { reference } from "./workspace.ts";

// Panels change the text of the view and nothing else, so they can never disagree with it. The compiler makes each
// change, from places of the last build; while the text is newer than that build, changes wait for the next.

/** Whether places of the last build fit the text as it is. */
export const inStep = (): boolean => built.value?.view === source.value.view;

let line: Promise<void> = Promise.resolve();

async function carryOut(tag: string, wanted: () => Change | null, follow: boolean): Promise<void> {
  if (!inStep()) await whenDrawn();
  const before = source.value.view;
  const change = inStep() ? wanted() : null;
  if (!change) return;
  const { view, selected: id } = await call("edit", { view: before, ...change });
  // Somebody typed on meanwhile: the change is worked out again, from what is there now.
  if (source.value.view !== before) return carryOut(tag, wanted, follow);
  if (follow) pending = { id };
  edit({ view }, tag);
}

/** Changes the view, one change after the other. With `follow` what was written is selected. */
function plan(tag: string, wanted: () => Change | null, follow = false): Promise<void> {
  line = line.then(() => carryOut(tag, wanted, follow)).catch(complain);
  return line;
}

/** What is to be selected when the text and the state on the table have been built. */
type Wanted =
  | { readonly id: number | null }
  /** The element around a place of the text. */
  | { readonly at: number }
  /** The element that draws a part of a state. */
  | { readonly path: string; readonly state: string };
let pending: Wanted | null = null;

/** Whether the places of the last build are those of the state on the table. */
const placed = (): boolean => placedState.value === activeState.value.name;

/** Selects what the last change has written, where the cursor is or what was pressed, once it has been built. */
export function settleSelection(): void {
  const settled = inStep() && placed();
  if (pending === null || !settled) return;
  const wanted = pending;
  pending = null;
  if ("path" in wanted) {
    if (wanted.state === placedState.value) select(sourceAt(wanted.path));
    return;
  }
  const id = "id" in wanted ? wanted.id : (nodeAround(wanted.at)?.id ?? null);
  if (id !== null) selectedId.value = id;
}

/** The element that draws a part of what the preview shows; null while that is not known yet. */
export const shownAt = (path: string | null): number | null =>
  placed() && path !== null ? sourceAt(path) : null;

/** Selects the element that draws a part of what the preview shows. */
export function selectShown(path: string | null): void {
  pending = path === null || placed() ? null : { path, state: activeState.value.name };
  if (pending === null) select(shownAt(path));
}

/** Selects the element around a place of the text, which may be newer than what has been built. */
export function selectAround(at: number): void {
  pending = { at };
  settleSelection();
}

/** The text of a prop's value: `"sm"`, `{item.title}`; undefined when it is not set. */
export function propText(node: SourceNode, name: string): string | undefined {
  const place = node.props[name];
  if (!place) return undefined;
  // Places are of the text that was built; in a newer one something else may be there.
  const text = (built.value?.view ?? "").slice(place[0], place[1]);
  const equals = text.indexOf("=");
  return equals < 0 ? "{true}" : text.slice(equals + 1).trim();
}

/** A prop's value when it is written out: a text, number, boolean or null; undefined for expressions. */
export function literal(text: string | undefined): string | number | boolean | null | undefined {
  if (text === undefined) return undefined;
  const quoted = /^"([^"]*)"$|^'([^']*)'$/.exec(text);
  if (quoted) return quoted[1] ?? quoted[2] ?? "";
  const inner = /^\{\s*(.*?)\s*\}$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;
  if (inner === "true") return true;
  if (inner === "false") return false;
  if (/^-?\d+(\.\d+)?$/.test(inner)) return Number(inner);
  const plain = /^"([^"\\]*)"$|^'([^'\\]*)'$/.exec(inner);
  return plain ? (plain[1] ?? plain[2] ?? "") : undefined;
}

/** The element as it is by now; null when the text has changed so much that its id is another's. */
function current(node: SourceNode): SourceNode | null {
  const now = nodes.value.find((one) => one.id === node.id);
  return now?.tag === node.tag ? now : null;
}

/** Sets a prop to a value, or takes it away with null. */
export function setProp(node: SourceNode, name: string, value: string | number | boolean | null): void {
  void plan(`prop:${node.id}:${name}`, () => current(node) && { action: "set", node: node.id, name, value });
}

/** Sets a prop to what an expression such as `item.title` gives. */
export function bindProp(node: SourceNode, name: string, expression: string): void {
  void plan(
    `prop:${node.id}:${name}`,
    () => current(node) && { action: "set", node: node.id, name, source: expression },
  );
}

/** The selected element, when it is not the root, whose place is fixed. */
function inner(): SourceNode | null {
  const node = selected.value;
  return node && node.parent !== null ? node : null;
}

export function removeSelected(): void {
  void plan("remove", () => {
    const node = inner();
    if (!node) return null;
    selectedId.value = node.parent;
    return { action: "delete", node: node.id };
  });
}

export function duplicateSelected(): void {
  void plan(
    "duplicate",
    () => {
      const node = inner();
      return node && { action: "duplicate", node: node.id };
    },
    true,
  );
}

export function wrapSelected(tag: string): void {
  void plan(
    "wrap",
    () => {
      const node = inner();
      return node && { action: "wrap", node: node.id, tag };
    },
    true,
  );
}

const parentOf = (node: SourceNode): SourceNode | undefined =>
  nodes.value.find((one) => one.id === node.parent);

/** The place of an element among what stands between the tags around it, and how many there are. */
export function placeOf(node: SourceNode): { readonly index: number; readonly count: number } | null {
  const around = parentOf(node)?.children;
  const index = around?.indexOf(node.id) ?? -1;
  return around && index >= 0 ? { index, count: around.length } : null;
}

/** Moves the selected element before or after its neighbour. */
export function moveSelected(by: -1 | 1): void {
  void plan(
    "move",
    () => {
      const node = inner();
      const place = node && placeOf(node);
      if (!node || node.parent === null || !place) return null;
      const index = by < 0 ? place.index - 1 : place.index + 2;
      if (index < 0 || index > place.count) return null;
      return { action: "move", node: node.id, parent: node.parent, index };
    },
    true,
  );
}

/** Puts an element into another as its last child, or behind it when it takes no children. */
export function insertInto(element: SourceNode, jsx: string): void {
  void plan(
    "insert",
    () => {
      const target = current(element);
      if (!target) return null;
      if (definitionOf(target.tag)?.children !== "none") {
        return { action: "insert", parent: target.id, index: target.children.length, jsx };
      }
      const place = placeOf(target);
      if (target.parent === null || !place) return null;
      return { action: "insert", parent: target.parent, index: place.index + 1, jsx };
    },
    true,
  );
}

/** Puts the element `moved` before or after `target`, or into it. */
export function moveNode(dragged: SourceNode, onto: SourceNode, where: "before" | "after" | "inside"): void {
  if (dragged.id === onto.id) return;
  void plan(
    "drag",
    () => {
      const [moved, target] = [current(dragged), current(onto)];
      if (!moved || !target) return null;
      if (where === "inside") {
        return { action: "move", node: moved.id, parent: target.id, index: target.children.length };
      }
      const place = placeOf(target);
      if (target.parent === null || !place) return null;
      const index = place.index + (where === "after" ? 1 : 0);
      return { action: "move", node: moved.id, parent: target.parent, index };
    },
    true,
  );
}

export function definitionOf(tag: string | null): ComponentDefinition | undefined {
  return reference.value?.components.find((one) => one.name === tag);
}
