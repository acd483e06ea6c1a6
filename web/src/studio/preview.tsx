import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Theme } from "../base/index.ts";
import type { WidgetNode } from "../widgets/node.ts";
import { fieldErrors, perform, said } from "./actions.ts";
import { drawn, note } from "./building.ts";
import { hoveredId, pathsOf, selectedId } from "./selection.ts";
import { accent, appScheme, density, frame, picking, previewScheme, radius, width } from "./settings.ts";
import { selectShown, shownAt } from "./source-edits.ts";
import { createHost, Stage, Tamed } from "./stage.tsx";
import { redrawn, streamWidget } from "./streaming.ts";

/** The theme the preview is drawn under. */
export function previewTheme(): Theme {
  const colorScheme = previewScheme.value === "app" ? appScheme() : previewScheme.value;
  return {
    colorScheme,
    density: density.value,
    radius: radius.value,
    ...(accent.value ? { color: { accent: { primary: accent.value, level: 2 } } } : {}),
  };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly kind: "selected" | "hovered" | "again";
}

/** Remembers which element shows which part of the widget. */
class Places {
  readonly #nodes = new WeakMap<Element, WidgetNode>();
  readonly #elements = new WeakMap<WidgetNode, Element>();
  #root: WidgetNode | null = null;
  /** Elements that have changed themselves since the last look, with the name of what they show. */
  #again = new Map<Element, string>();

  note(node: WidgetNode, element: Element | null): void {
    if (!element) return;
    const before = this.#nodes.get(element);
    // What only passes a change on to a child looks as it did.
    if (before?.props !== node.props || before.children.length !== node.children.length) {
      this.#again.set(element, node.type);
    }
    this.#nodes.set(element, node);
    this.#elements.set(node, element);
    if (element.parentElement?.classList.contains("w-root")) this.#root = node;
  }

  /** What was drawn again since this was last asked. */
  takeAgain(): ReadonlyMap<Element, string> {
    const again = this.#again;
    this.#again = new Map();
    return again;
  }

  element(path: string): Element | undefined {
    let node: WidgetNode | undefined = this.#root ?? undefined;
    for (const part of path.split(".")) {
      if (part !== "" && part !== "children") node = node?.children[Number(part)];
    }
    return node && this.#elements.get(node);
  }

  /** The path of what is shown at an element: of itself or the nearest part around it. */
  path(target: Element | null): string | null {
    for (let at = target; at; at = at.parentElement) {
      const node = this.#nodes.get(at);
      const path = node && this.#root ? find(this.#root, node, "") : null;
      if (path !== null) return path;
    }
    return null;
  }
}

function find(root: WidgetNode, wanted: WidgetNode, path: string): string | null {
  if (root === wanted) return path;
  for (const [index, child] of root.children.entries()) {
    const found = find(child, wanted, `${path ? `${path}.` : ""}children.${index}`);
    if (found !== null) return found;
  }
  return null;
}

const MOST_OUTLINES = 40;

function boxesOf(places: Places, around: Element, changed: Iterable<Element>): Box[] {
  const zero = around.getBoundingClientRect();
  const box = (element: Element | undefined, kind: Box["kind"]): Box[] => {
    const at = element?.getBoundingClientRect();
    if (!at || at.width === 0) return [];
    return [{ x: at.x - zero.x, y: at.y - zero.y, w: at.width, h: at.height, kind }];
  };
  const of = (id: number | null, kind: Box["kind"]): Box[] =>
    id === null ? [] : pathsOf(id).flatMap((path) => box(places.element(path), kind));
  const again = streamWidget.peek()
    ? [...changed].slice(-MOST_OUTLINES).flatMap((element) => box(element, "again"))
    : [];
  return [
    ...(hoveredId.value === selectedId.value ? [] : of(hoveredId.value, "hovered")),
    ...of(selectedId.value, "selected"),
    ...again,
  ];
}

/** The widget as the chat would show it, with what is selected outlined. */
export function Preview(): JSX.Element {
  const canvas = useRef<HTMLDivElement>(null);
  const places = useMemo(() => new Places(), []);
  const [boxes, setBoxes] = useState<readonly Box[]>([]);
  const host = useMemo(
    () => createHost({ perform, drawn: (node, element) => places.note(node, element) }),
    [places],
  );
  const theme = useComputed(previewTheme);
  const widget = streamWidget.value ?? drawn.value?.widget;
  const shown = useRef<unknown>(null);
  if (widget !== undefined) shown.current = widget;

  const again = useRef<readonly Element[]>([]);
  const measure = (): void => {
    const seen = picking.value || streamWidget.value;
    if (canvas.current) setBoxes(seen ? boxesOf(places, canvas.current, again.current) : []);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was drawn again is asked once for each widget
  useEffect(() => {
    const drawnAgain = places.takeAgain();
    again.current = [...drawnAgain.keys()];
    redrawn.value = [...drawnAgain.values()];
    if (drawnAgain.size > 0) note("studio:drawn", { parts: drawnAgain.size });
  }, [widget]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again whenever one of these has changed
  useEffect(() => {
    const frameId = requestAnimationFrame(measure);
    return () => cancelAnimationFrame(frameId);
  }, [widget, selectedId.value, hoveredId.value, width.value, frame.value, picking.value, theme.value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one observer for the life of the canvas
  useEffect(() => {
    if (!canvas.current) return;
    const observer = new ResizeObserver(measure);
    observer.observe(canvas.current);
    return () => observer.disconnect();
  }, []);

  const pathAt = (event: Event): string | null => {
    const target = event.composedPath()[0];
    return target instanceof Element ? places.path(target) : null;
  };
  const chat = frame.value === "chat";
  return (
    <div
      class="canvas"
      ref={canvas}
      style={{ width: `${width.value}px` }}
      data-frame={frame.value}
      data-scheme={theme.value.colorScheme}
      onPointerDown={(event) => {
        if (picking.value) selectShown(pathAt(event));
      }}
      onPointerMove={(event) => {
        if (picking.value && event.pointerType === "mouse") hoveredId.value = shownAt(pathAt(event));
      }}
      onPointerLeave={() => {
        hoveredId.value = null;
      }}
    >
      <Stage theme={theme.value}>
        {chat ? <div class="bubble">Show me</div> : null}
        {shown.current ? <Tamed widget={shown.current} host={host} fieldErrors={fieldErrors.value} /> : null}
        {said.value ? <p class="replied">{said.value}</p> : null}
        {chat ? (
          <div class="composer" aria-hidden="true">
            <span>Message</span>
            <span />
          </div>
        ) : null}
      </Stage>
      {boxes.map((box) => (
        <div
          key={`${box.kind} ${box.x} ${box.y} ${box.w} ${box.h}`}
          class="outline"
          data-kind={box.kind}
          style={{ left: `${box.x}px`, top: `${box.y}px`, width: `${box.w}px`, height: `${box.h}px` }}
        />
      ))}
    </div>
  );
}
