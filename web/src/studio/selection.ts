import type { EditorView } from "@codemirror/view";
import { computed, signal } from "@preact/signals";
import type { SourceNode } from "./api.ts";
import { build } from "./building.ts";

/** The editors on the page. */
export type Pane = "view" | "schema" | "data";
export const editors: Partial<Record<Pane, EditorView>> = {};

/** Id of the selected element of the view. */
export const selectedId = signal<number | null>(null);
/** Id of the element under the pointer, in the tree or the preview. */
export const hoveredId = signal<number | null>(null);

export const nodes = computed<readonly SourceNode[]>(() => build.value?.nodes ?? []);

export const selected = computed<SourceNode | null>(
  () => nodes.value.find((node) => node.id === selectedId.value) ?? null,
);

/** The element of the view that drew the part of the widget at `path`, such as `children.0`. */
function nodeAt(path: string): number | null {
  return build.value?.previewNodes[path] ?? null;
}

/** The source element of a part of the widget: its own, or that of the nearest part around it. */
export function sourceAt(path: string | null): number | null {
  for (
    let at = path;
    at !== null;
    at = at.includes(".") ? at.replace(/\.?children\.\d+$/, "") : at === "" ? null : ""
  ) {
    const id = nodeAt(at);
    if (id !== null) return id;
    if (at === "") return null;
  }
  return null;
}

/** The places of the widget that an element of the view drew; a loop draws several. */
export function pathsOf(id: number): readonly string[] {
  return Object.entries(build.value?.previewNodes ?? {}).flatMap(([path, node]) =>
    node === id ? [path] : [],
  );
}

/** The innermost element around an offset of the view. */
export function nodeAround(at: number): SourceNode | null {
  let best: SourceNode | null = null;
  for (const node of nodes.value) {
    if (
      node.tag !== null &&
      node.from <= at &&
      at <= node.to &&
      (!best || node.to - node.from <= best.to - best.from)
    ) {
      best = node;
    }
  }
  return best;
}

/** Shows a place of a text in its editor. */
export function reveal(pane: Pane, from: number, to: number, focus = true): void {
  const view = editors[pane];
  if (!view) return;
  const length = view.state.doc.length;
  // The head is at the beginning: that is the end that is scrolled to.
  view.dispatch({
    selection: { anchor: Math.min(to, length), head: Math.min(from, length) },
    scrollIntoView: true,
    userEvent: "reveal",
  });
  if (focus) view.focus();
}

/** Selects an element and marks its opening tag in the source. */
export function select(id: number | null, options: { readonly reveal?: boolean } = {}): void {
  selectedId.value = id;
  const node = selected.value;
  if (node && options.reveal !== false) reveal("view", node.open[0], node.open[1], false);
}
