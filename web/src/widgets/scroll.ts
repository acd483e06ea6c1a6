import { useLayoutEffect, useRef } from "preact/hooks";
import type { WidgetNode } from "./node.ts";
import { useScope } from "./scope.ts";

type Place = readonly [left: number, top: number];

const isPlace = (value: unknown): value is Place =>
  Array.isArray(value) && value.length === 2 && value.every((side) => Number.isFinite(side));

/** Which element below `box` it is, as the indexes that lead there; the box itself is "". */
function wayTo(box: Element, element: Element): string {
  const way: number[] = [];
  for (let at: Element = element; at !== box && at.parentElement; at = at.parentElement)
    way.unshift([...at.parentElement.children].indexOf(at));
  return way.join(".");
}

function follow(box: Element, way: string): Element | undefined {
  if (way === "") return box;
  return way.split(".").reduce<Element | undefined>((at, index) => at?.children[Number(index)], box);
}

function readPlaces(value: unknown): Map<string, Place> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return new Map(entries.filter((entry): entry is [string, Place] => isPlace(entry[1])));
}

/** Whether the element could be scrolled that far; content that is still to come makes it longer. */
function scrollTo(element: Element, [left, top]: Place): boolean {
  element.scrollLeft = left;
  element.scrollTop = top;
  return Math.abs(element.scrollLeft - left) <= 1 && Math.abs(element.scrollTop - top) <= 1;
}

/**
 * Keeps where an element, and whatever scrolls inside it, is scrolled to, and puts it there when it is drawn anew, also
 * when its content comes later.
 */
export function useScrollMemory<Box extends HTMLElement>(node: WidgetNode) {
  const box = useRef<Box>(null);
  const remembered = useScope().remember(node, "scroll");
  const latest = useRef(remembered);
  latest.current = remembered;
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const places = readPlaces(latest.current.get());
    const missing = new Map(places);
    const restore = (): void => {
      for (const [way, place] of missing) {
        const target = follow(element, way);
        if (target && scrollTo(target, place)) missing.delete(way);
      }
      if (missing.size === 0) watch.disconnect();
    };
    const watch = new MutationObserver(restore);
    const keep = ({ target }: Event): void => {
      if (!(target instanceof Element)) return;
      const way = wayTo(element, target);
      if (missing.has(way)) return;
      places.set(way, [target.scrollLeft, target.scrollTop]);
      latest.current.set(Object.fromEntries(places));
    };
    // What the person moves is the person's from then on.
    const letGo = (): void => {
      missing.clear();
      watch.disconnect();
    };
    watch.observe(element, { subtree: true, childList: true, characterData: true });
    restore();
    const gone = new AbortController();
    const options = { capture: true, passive: true, signal: gone.signal };
    element.addEventListener("scroll", keep, options);
    for (const touch of ["pointerdown", "wheel", "keydown"]) element.addEventListener(touch, letGo, options);
    return () => {
      gone.abort();
      watch.disconnect();
    };
  }, []);
  return box;
}
