import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** A shadow root or document that takes constructable stylesheets. */
export type StyleRoot = DocumentOrShadowRoot;

/** Where the components below put their styles and find their floating layer. */
export const RootContext = createContext<StyleRoot | null>(null);

const made = new Map<string, CSSStyleSheet>();

/** The stylesheet for this text, made once a page. Needs no `style-src 'unsafe-inline'`. */
export function sheet(css: string): CSSStyleSheet {
  let result = made.get(css);
  if (!result) {
    result = new CSSStyleSheet();
    result.replaceSync(css);
    made.set(css, result);
  }
  return result;
}

/** Adds stylesheets to a root, each at most once, in the order given. */
export function adopt(root: StyleRoot, ...texts: readonly string[]): void {
  for (const css of texts) {
    const style = sheet(css);
    if (!root.adoptedStyleSheets.includes(style)) {
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, style];
    }
  }
}

/** Brings a component's styles into the root it is drawn in, before its first paint. */
export function useStyles(...texts: readonly string[]): void {
  const root = useContext(RootContext);
  if (root) adopt(root, ...texts);
}
