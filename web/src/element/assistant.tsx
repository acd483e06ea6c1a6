import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { Markdown, type MarkdownHost } from "../markdown/index.tsx";
import type { Annotation, AssistantMessageContent, AssistantMessageItem } from "../protocol/types.ts";
import { CitationMarker, SourceList } from "./citations.tsx";
import { useSmoothLength } from "./smooth.ts";
import { distinctSources } from "./sources.ts";
import { useMarkdownHost } from "./surroundings.tsx";

const NONE: readonly Annotation[] = [];

function Part({ part, streaming }: { part: AssistantMessageContent; streaming: boolean }): VNode {
  const around = useMarkdownHost();
  const annotations = part.annotations ?? NONE;
  const host = useMemo<MarkdownHost>(
    () => ({
      ...around,
      citation: (numbers) => {
        const picked = numbers.flatMap((number) => annotations[number] ?? []);
        return picked.length > 0 ? <CitationMarker sources={distinctSources(picked)} /> : null;
      },
    }),
    [around, annotations],
  );
  const shown = useSmoothLength(part.text, streaming);
  const growing = streaming || shown < part.text.length;
  const text = shown < part.text.length ? part.text.slice(0, shown) : part.text;
  const placed = annotations.map((annotation) => ({
    index: annotation.index !== undefined && annotation.index <= text.length ? annotation.index : undefined,
  }));
  return <Markdown text={text} streaming={growing} annotations={placed} host={host} />;
}

/** An answer of the assistant: its parts as Markdown with markers, and the sources below. */
export function AssistantMessage({
  item,
  streaming,
}: {
  item: AssistantMessageItem;
  streaming: boolean;
}): VNode {
  const last = item.content.length - 1;
  const annotations = item.content.flatMap((part) => part.annotations ?? []);
  return (
    <div class="ck-assistant" part="assistant-message" data-item={item.id}>
      {item.content.map((part, index) => (
        <Part key={index} part={part} streaming={streaming && index === last} />
      ))}
      {streaming ? null : <SourceList annotations={annotations} />}
    </div>
  );
}
