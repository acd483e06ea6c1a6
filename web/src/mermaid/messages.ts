/** One element as data: its name, its attributes, what is inside. */
export type SvgNode = [name: string, attributes: Record<string, string>, children: (SvgNode | string)[]];

/** What the element asks of the frame that draws. */
export interface DrawingOrder {
  readonly id: number;
  readonly source: string;
  readonly dark: boolean;
  readonly font: string;
}

export type DrawingAnswer =
  | { readonly id: number; readonly tree: SvgNode }
  | { readonly id: number; readonly failed: string };
