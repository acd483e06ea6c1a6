import type { MarkdownHost } from "./context.ts";

/** An annotation as far as its place is concerned. */
export interface PlacedAnnotation {
  /** Offset in the text, in UTF-16 units; absent means the annotation has no marker. */
  index?: number | null | undefined;
}

export interface MarkdownProps {
  text: string;
  /** The text is still being written: its unfinished end is repaired. */
  streaming?: boolean | undefined;
  annotations?: readonly PlacedAnnotation[] | undefined;
  /** Must keep its identity between draws, else every block is drawn again. */
  host?: MarkdownHost | undefined;
}
