import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { WidgetNode } from "../../node.ts";
import { NodeView } from "../../render.tsx";
import { named } from "../element.ts";

const reduced = (): boolean => globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;

/** One child; when another one takes its place the height moves over and the new one fades in. */
export function Transition({ node }: { node: WidgetNode }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const child = node.children[0];
  const before = useRef<{ key: string | undefined; height: number } | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const old = before.current;
    const height = element.offsetHeight;
    before.current = { key: child?.key, height };
    if (!old || old.key === child?.key || reduced() || !element.animate) return;
    element.animate(
      [
        { height: `${old.height}px`, overflow: "clip" },
        { height: `${height}px`, overflow: "clip" },
      ],
      { duration: 300, easing: "cubic-bezier(.65,0,.35,1)" },
    );
    element.firstElementChild?.animate([{ opacity: 0 }, { opacity: 1 }], {
      duration: 150,
      easing: "ease-in",
    });
  });
  return (
    <div ref={box} {...named("transition")}>
      {child ? <NodeView key={child.key} node={child} /> : null}
    </div>
  );
}
