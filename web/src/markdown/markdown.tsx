import type { VNode } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { type Block, MarkdownBlocks } from "./blocks.ts";
import { type MarkedText, markCitations } from "./citations.ts";
import { MarkdownContext, type MarkdownHost, type RenderScope } from "./context.ts";
import type { MarkdownProps, PlacedAnnotation } from "./props.ts";
import { DrawnBlock } from "./render.tsx";

const NO_HOST: MarkdownHost = {};

function useMarked(text: string, annotations: readonly PlacedAnnotation[] | undefined): MarkedText {
  const indexes = annotations?.map((annotation) => annotation.index ?? undefined) ?? [];
  const key = indexes.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the indexes
  return useMemo(() => markCitations(text, indexes), [text, key]);
}

function useStable<T>(value: T): T {
  const key = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal content keeps its identity
  return useMemo(() => value, [key]);
}

/** Markdown as elements, updated where it changed. Raw HTML in the text is shown as text. */
export function Markdown({ text, streaming = false, annotations, host = NO_HOST }: MarkdownProps): VNode {
  const reader = useRef<MarkdownBlocks>(null);
  reader.current ??= new MarkdownBlocks();
  const drawn = useRef(new WeakMap<Block, VNode>());
  const marked = useMarked(text, annotations);
  const groups = useStable(marked.groups);
  const scope = useMemo<RenderScope>(() => ({ ...host, groups }), [host, groups]);
  const blocks = reader.current.update(marked.text, streaming);
  const node = (block: Block, index: number): VNode => {
    const growing = streaming && index === blocks.length - 1;
    if (growing) return <DrawnBlock key={index} token={block.token} growing />;
    let known = drawn.current.get(block);
    if (!known) {
      known = <DrawnBlock key={index} token={block.token} growing={false} />;
      drawn.current.set(block, known);
    }
    return known;
  };
  return (
    <MarkdownContext.Provider value={scope}>
      <div class={streaming ? "ck-md ck-md-streaming" : "ck-md"}>{blocks.map(node)}</div>
    </MarkdownContext.Provider>
  );
}
