import { type ComponentChildren, createContext } from "preact";
import { useContext } from "preact/hooks";

/** What the renderer asks of the place it stands in. */
export interface MarkdownHost {
  /** A click on `chatkit-link://name?key=value`. */
  onDeeplink?: (name: string, data: Record<string, string> | undefined, href: string) => void;
  /** A click on an image. */
  onImage?: (url: string, alt: string) => void;
  /** Hosts whose images may load; `undefined` allows all. */
  allowedImageDomains?: readonly string[] | undefined;
  /** Draws the marker of the annotations with these numbers. */
  citation?: (annotations: readonly number[]) => ComponentChildren;
  /** Single newlines become line breaks. */
  breaks?: boolean;
  /** Address of the Mermaid library; without one a diagram stays its source. */
  mermaid?: string | null;
  /** Light or dark: what drawings in fixed colours are made for. */
  scheme?: string;
}

/** A host with the groups of marks of one text. */
export interface RenderScope extends MarkdownHost {
  groups: readonly (readonly number[])[];
}

export const MarkdownContext = createContext<RenderScope>({ groups: [] });

/** Whether the block around a component is still being written. */
export const GrowingContext = createContext(false);

export function useScope(): RenderScope {
  return useContext(MarkdownContext);
}
