import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../icons/index.tsx";
import type { SourceNode } from "./api.ts";
import { source } from "./draft.ts";
import { hoveredId, nodes, select, selectedId } from "./selection.ts";
import { definitionOf, inStep, literal, moveNode, propText } from "./source-edits.ts";

const ICONS: Readonly<Record<string, string>> = {
  Card: "lucide:square",
  Row: "lucide:columns-2",
  Col: "lucide:rows-2",
  Box: "lucide:square-dashed",
  Text: "lucide:type",
  Title: "lucide:heading",
  Caption: "lucide:text",
  Markdown: "lucide:file-text",
  Label: "lucide:tag",
  Badge: "lucide:badge",
  Icon: "star",
  Image: "images",
  Button: "lucide:mouse-pointer-click",
  Input: "lucide:text-cursor-input",
  Textarea: "lucide:text-cursor-input",
  Select: "lucide:chevrons-up-down",
  DatePicker: "calendar",
  Checkbox: "lucide:square-check",
  RadioGroup: "lucide:circle-dot",
  Chart: "chart",
  Table: "lucide:table",
  ListView: "lucide:list",
  Form: "lucide:clipboard-list",
  Divider: "lucide:minus",
  Spacer: "lucide:move-horizontal",
};

const NAMING = ["value", "label", "name", "src", "text"] as const;

/** What tells an element from its neighbours: its text, its name, the data it shows. */
function caption(node: SourceNode): string {
  for (const name of NAMING) {
    const text = propText(node, name);
    if (text === undefined) continue;
    const value = literal(text);
    return String(value ?? text.replace(/^\{|\}$/g, "")).slice(0, 40);
  }
  return "";
}

/** Its id, and the text it is an id of. */
const dragged = signal<{ readonly id: number; readonly view: string } | null>(null);
const dropAt = signal<{ readonly id: number; readonly where: "before" | "after" | "inside" } | null>(null);

function place(event: DragEvent, node: SourceNode): "before" | "after" | "inside" {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const share = (event.clientY - box.top) / box.height;
  const takes = node.inner !== null && definitionOf(node.tag)?.children !== "none";
  if (takes && share > 0.3 && share < 0.7) return "inside";
  return share < 0.5 ? "before" : "after";
}

function drop(): void {
  // An edit under way gives the ids to others.
  const same = dragged.value?.view === source.value.view && inStep();
  const moved = same ? nodes.value.find((node) => node.id === dragged.value?.id) : undefined;
  const target = nodes.value.find((node) => node.id === dropAt.value?.id);
  if (moved && target && dropAt.value) moveNode(moved, target, dropAt.value.where);
  dragged.value = null;
  dropAt.value = null;
}

function Layer({ node, depth }: { readonly node: SourceNode; readonly depth: number }): JSX.Element {
  const row = useRef<HTMLDivElement>(null);
  const chosen = selectedId.value === node.id;
  useEffect(() => {
    if (chosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays on the tree, which names the active row
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
    <div
      ref={row}
      id={`layer-${node.id}`}
      class="row layer"
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={chosen}
      data-hovered={hoveredId.value === node.id || undefined}
      data-drop={dropAt.value?.id === node.id ? dropAt.value.where : undefined}
      style={{ paddingInlineStart: `${8 + depth * 12}px` }}
      draggable={node.movable}
      onClick={() => select(node.id)}
      onPointerEnter={() => {
        hoveredId.value = node.id;
      }}
      onPointerLeave={() => {
        hoveredId.value = null;
      }}
      onDragStart={(event) => {
        if (!inStep()) {
          event.preventDefault();
          return;
        }
        dragged.value = { id: node.id, view: source.value.view };
        event.dataTransfer?.setData("text/x-chatkit-element", String(node.id));
      }}
      onDragOver={(event) => {
        if (dragged.value === null || node.parent === null) return;
        event.preventDefault();
        dropAt.value = { id: node.id, where: place(event, node) };
      }}
      onDragEnd={() => {
        dragged.value = null;
        dropAt.value = null;
      }}
      onDrop={drop}
    >
      <Icon name={ICONS[node.tag ?? ""] ?? "lucide:square-dashed"} size={13} />
      <span class="row-text">
        {node.tag} <span class="dim">{caption(node)}</span>
      </span>
    </div>
  );
}

function depths(): readonly (readonly [SourceNode, number])[] {
  const known = new Map<number, number>();
  return nodes.value.flatMap((node) => {
    const above = node.parent === null ? -1 : (known.get(node.parent) ?? -1);
    const depth = node.tag === null ? above : above + 1;
    known.set(node.id, depth);
    return node.tag === null ? [] : [[node, depth] as const];
  });
}

/** The elements of the view as a tree; rows are dragged to move what they stand for. */
export function Layers(): JSX.Element {
  const rows = depths();
  const move = (by: number): void => {
    const at = rows.findIndex(([node]) => node.id === selectedId.value);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) select(next[0].id);
  };
  const out = (): void => {
    const parent = rows.find(([node]) => node.id === selectedId.value)?.[0].parent;
    if (parent !== null && parent !== undefined) select(parent);
  };
  const keys = new Map<string, () => void>([
    ["ArrowDown", () => move(1)],
    ["ArrowUp", () => move(-1)],
    ["ArrowRight", () => move(1)],
    ["ArrowLeft", out],
    ["Home", () => move(-rows.length)],
    ["End", () => move(rows.length)],
  ]);
  return (
    <div
      class="side-list tree"
      role="tree"
      aria-label="Elements of the view"
      tabIndex={0}
      aria-activedescendant={selectedId.value === null ? undefined : `layer-${selectedId.value}`}
      onKeyDown={(event) => {
        const act = event.altKey || event.ctrlKey || event.metaKey ? undefined : keys.get(event.key);
        if (!act) return;
        event.preventDefault();
        act();
      }}
    >
      {rows.map(([node, depth]) => (
        <Layer key={node.id} node={node} depth={depth} />
      ))}
    </div>
  );
}
