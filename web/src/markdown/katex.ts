import katex, { type KatexOptions } from "katex";
import css from "katex/dist/katex.min.css?raw";
import { loadMathFonts } from "./katex_fonts.ts";

/** Draws formulas as nodes. */
export interface MathRenderer {
  readonly styles: string;
  /** The formula as a node, or `undefined` when it cannot be read. */
  draw(tex: string, display: boolean): Node | undefined;
}

const OPTIONS: KatexOptions = {
  trust: false,
  strict: "ignore",
  throwOnError: true,
  maxExpand: 1000,
  maxSize: 20,
  output: "htmlAndMathml",
};

interface DomTree {
  toNode(): Node;
}

interface KatexInternals {
  __renderToDomTree(tex: string, options: KatexOptions): DomTree;
}

// Font faces in a constructable stylesheet have no effect inside a shadow root; they are added to the document.
const styles = css.replaceAll(/@font-face\s*\{[^}]*\}/g, "");

/** KaTeX, asked for nodes and never for HTML text. */
export const mathRenderer: MathRenderer = {
  styles,
  draw(tex, display) {
    loadMathFonts();
    try {
      const internals = katex as unknown as KatexInternals;
      return internals.__renderToDomTree(tex, { ...OPTIONS, displayMode: display }).toNode();
    } catch {
      return undefined;
    }
  },
};
