import { type FunctionComponent, h, type VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { MarkdownProps } from "./props.ts";

export type { MarkdownHost } from "./context.ts";
export { imageAllowed, parseDeeplink, type SafeLink, safeLink } from "./links.ts";
export type { MarkdownProps, PlacedAnnotation } from "./props.ts";
export { markdownStyles } from "./styles.ts";

let reader: FunctionComponent<MarkdownProps> | null = null;
let loading: Promise<void> | null = null;

/** Fetches the reader of Markdown, which nobody needs before the first answer. A failure is tried again at the next need. */
export function prefetchMarkdown(): Promise<void> {
  loading ??= import("./markdown.tsx").then(
    (module) => {
      reader = module.Markdown;
    },
    () => {
      loading = null;
    },
  );
  return loading;
}

/** Markdown as elements. Until its reader is there, or when it cannot be loaded, the text as it was written. */
export function Markdown(props: MarkdownProps): VNode {
  const [, setLoaded] = useState(reader !== null);
  useEffect(() => {
    // Though it is there now: what was prefetched may have come between the drawing and this effect.
    if (reader !== null) {
      setLoaded(true);
      return undefined;
    }
    let current = true;
    void prefetchMarkdown().then(() => current && setLoaded(reader !== null));
    return () => {
      current = false;
    };
  }, []);
  if (reader !== null) return h(reader, props) as VNode;
  return <div class="ck-md ck-md-plain">{props.text}</div>;
}
