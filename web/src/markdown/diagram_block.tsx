import type { VNode } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { RootContext } from "../base/sheet.ts";
import { useI18n } from "../i18n/index.ts";
import { CodeBlock } from "./code.tsx";
import { GrowingContext, useScope } from "./context.ts";

type State = "drawing" | "drawn" | "failed";

async function draw(library: string, root: Node, place: HTMLElement, source: string): Promise<SVGElement> {
  const { drawDiagram } = await import("./diagram.ts");
  const { colorScheme, fontFamily } = getComputedStyle(place);
  return drawDiagram(library, root, { source, dark: colorScheme.includes("dark"), font: fontFamily });
}

function useDrawing(source: string, library: string | null): [{ current: HTMLDivElement | null }, State] {
  const root = useContext(RootContext);
  const growing = useContext(GrowingContext);
  const scheme = useScope().scheme;
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<State>("drawing");
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme has other colours
  useEffect(() => {
    const target = place.current;
    if (growing || !library || !target || !(root instanceof Node)) return undefined;
    let current = true;
    draw(library, root, target, source).then(
      (drawing) => {
        if (!current) return;
        target.replaceChildren(drawing);
        setState("drawn");
      },
      () => current && setState("failed"),
    );
    return () => {
      current = false;
    };
  }, [source, library, growing, root, scheme]);
  return [place, state];
}

/** A Mermaid diagram: its source until it is drawn, and again when it cannot be. */
export function DiagramBlock({ text, lang }: { text: string; lang: string }): VNode {
  const { mermaid } = useScope();
  const { t } = useI18n();
  const [place, state] = useDrawing(text, mermaid ?? null);
  return (
    <figure class="ck-md-diagram" data-state={state} aria-label={t("diagram.label")}>
      <div ref={place} class="ck-md-diagram-place" role="img" aria-label={t("diagram.label")} />
      {state === "drawn" ? (
        <details class="ck-md-diagram-source">
          <summary>{t("diagram.source")}</summary>
          <CodeBlock text={text} lang={lang} />
        </details>
      ) : (
        <CodeBlock text={text} lang={lang} />
      )}
      {state === "failed" ? <figcaption>{t("diagram.failed")}</figcaption> : null}
    </figure>
  );
}
