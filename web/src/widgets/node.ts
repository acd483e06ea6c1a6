/** A widget's JSON, read into nodes that keep their identity for as long as nothing in them changes. */

export type Props = Readonly<Record<string, unknown>>;

export interface WidgetNode {
  readonly type: string;
  /** Unique among its siblings and stable while the component is the same one. */
  readonly key: string;
  /** The keys from the root to here: no other node of the widget has the same. */
  readonly path: string;
  readonly props: Props;
  readonly children: readonly WidgetNode[];
  /** What it was read from. */
  readonly source: object;
  /** Itself and everything below. */
  readonly size: number;
}

export const MAX_DEPTH = 64;
export const MAX_NODES = 5000;

interface Reading {
  left: number;
  /** Set when something was left out because of a limit. */
  cut: boolean;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((value, index) => sameValue(value, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}

/** By `key`, then `id`, then the name of a control. */
function keyOf(raw: Record<string, unknown>, type: string): string | undefined {
  if (typeof raw.key === "string" || typeof raw.key === "number") return `k:${raw.key}`;
  if (typeof raw.id === "string" && raw.id !== "") return `i:${raw.id}`;
  if (typeof raw.name === "string" && type !== "Icon") return `n:${type}:${raw.name}`;
  return undefined;
}

/** By type and how many came before: what is put in front of a form must not take away what was typed in it. */
function place(counts: Map<string, number>, type: string): string {
  const before = counts.get(type) ?? 0;
  counts.set(type, before + 1);
  return `${type}:${before}`;
}

/** Children as a list: nothing, one object, nested lists and bare text are all met in the wild. */
function listOf(children: unknown): unknown[] {
  if (children === undefined || children === null || typeof children === "boolean") return [];
  return Array.isArray(children) ? children.flat(8) : [children];
}

function unique(key: string, taken: Set<string>): string {
  let result = key;
  for (let copy = 2; taken.has(result); copy++) result = `${key}#${copy}`;
  taken.add(result);
  return result;
}

function readChildren(
  raw: unknown,
  around: string,
  before: WidgetNode | undefined,
  depth: number,
  reading: Reading,
): readonly WidgetNode[] {
  const known = new Map(before?.children.map((child) => [child.key, child]));
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  const children: WidgetNode[] = [];
  for (const child of listOf(raw)) {
    const source =
      typeof child === "string" || typeof child === "number" ? { type: "Text", value: child } : child;
    if (!isObject(source)) continue;
    const type = typeof source.type === "string" ? source.type : "";
    const key = unique(keyOf(source, type) ?? place(counts, type), taken);
    const node = readNode(source, key, around, known.get(key), depth + 1, reading);
    if (node) children.push(node);
  }
  const same =
    before?.children.length === children.length && children.every((child, i) => child === before.children[i]);
  return same ? before.children : children;
}

function readNode(
  source: Record<string, unknown>,
  key: string,
  around: string,
  before: WidgetNode | undefined,
  depth: number,
  reading: Reading,
): WidgetNode | null {
  const path = `${around}/${key}`;
  if (before?.source === source && before.path === path && before.size <= reading.left) {
    reading.left -= before.size;
    return before;
  }
  if (depth > MAX_DEPTH || reading.left <= 0) {
    reading.cut = true;
    return null;
  }
  reading.left--;
  const { type: rawType, key: _key, children: rawChildren, ...given } = source;
  const type = typeof rawType === "string" ? rawType : "";
  const old = before?.type === type ? before : undefined;
  const children = readChildren(rawChildren, path, old, depth, reading);
  // Templates write `null` for what is not there.
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const props = old && sameValue(old.props, present) ? old.props : present;
  if (old?.path === path && props === old.props && children === old.children) return old;
  const size = children.reduce((sum, child) => sum + child.size, 1);
  return { type, key, path, props, children, source, size };
}

/** The paths of all nodes of a widget. */
export function pathsOf(root: WidgetNode): ReadonlySet<string> {
  const paths = new Set<string>();
  const add = (node: WidgetNode): void => {
    paths.add(node.path);
    node.children.forEach(add);
  };
  add(root);
  return paths;
}

export interface ReadResult {
  readonly root: WidgetNode | null;
  /** True when depth or number of nodes went past the limits and the rest was left out. */
  readonly cut: boolean;
}

/** Reads a widget. Parts that are equal to those of `before` are taken from there. */
export function readWidget(widget: unknown, before?: WidgetNode | null): ReadResult {
  const reading: Reading = { left: MAX_NODES, cut: false };
  if (Array.isArray(widget)) return readWidget({ type: "Basic", children: widget }, before);
  if (!isObject(widget)) return { root: null, cut: false };
  const type = typeof widget.type === "string" ? widget.type : "";
  const root = readNode(widget, keyOf(widget, type) ?? `${type}:0`, "", before ?? undefined, 1, reading);
  return { root, cut: reading.cut };
}
