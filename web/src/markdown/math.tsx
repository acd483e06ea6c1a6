import type { VNode } from "preact";
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { adopt, RootContext } from "../base/sheet.ts";
import { takeMarks } from "./citations.ts";
import { GrowingContext, useScope } from "./context.ts";
import type { MathRenderer } from "./katex.ts";

let loading: Promise<MathRenderer> | undefined;
let ready: MathRenderer | undefined;

function load(): Promise<MathRenderer> {
  loading ??= import("./katex.ts").then(
    (module) => {
      ready = module.mathRenderer;
      return ready;
    },
    (reason: unknown) => {
      loading = undefined;
      throw reason;
    },
  );
  return loading;
}

function useRenderer(): MathRenderer | undefined {
  const [renderer, setRenderer] = useState<MathRenderer | undefined>(() => ready);
  useEffect(() => {
    if (renderer) return undefined;
    let current = true;
    load().then(
      (loaded) => current && setRenderer(() => loaded),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [renderer]);
  return renderer;
}

/** A formula, drawn by KaTeX once loaded; a formula KaTeX cannot read is shown as its source. */
export function Formula({ tex, display }: { tex: string; display: boolean }): VNode {
  const scope = useScope();
  const growing = useContext(GrowingContext);
  const root = useContext(RootContext);
  const { clean, found } = takeMarks(tex);
  const renderer = useRenderer();
  const host = useRef<HTMLSpanElement>(null);
  const [source, setSource] = useState(false);
  useLayoutEffect(() => {
    const target = host.current;
    if (!renderer || !target) return;
    if (root) adopt(root, renderer.styles);
    const node = renderer.draw(clean, display);
    // While a formula is being written its last readable state stays.
    if (!node && growing && target.hasChildNodes()) return;
    target.replaceChildren(...(node ? [node] : []));
    setSource(!node && !growing);
  }, [clean, display, renderer, root, growing]);
  return (
    <span class={display ? "ck-md-math ck-md-math-block" : "ck-md-math"} dir="ltr">
      <span ref={host} />
      {source ? <code>{clean}</code> : null}
      {found.map((group) => scope.citation?.(scope.groups[group] ?? []))}
    </span>
  );
}
