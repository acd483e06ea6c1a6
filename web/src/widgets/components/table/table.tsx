import { createContext, type JSX } from "preact";
import { useContext } from "preact/hooks";
import { type Style, spacing } from "../../box-style.ts";
import { length } from "../../css-values.ts";
import type { WidgetNode } from "../../node.ts";
import { count, flag, oneOf } from "../../props.ts";
import { Children } from "../../render.tsx";
import { DirectionContext, useScope } from "../../scope.ts";
import { useScrollMemory } from "../../scroll.ts";
import { named } from "../element.ts";

const COLUMN_SIZES: Readonly<Record<string, string>> = {
  xs: "64px",
  sm: "96px",
  md: "144px",
  lg: "208px",
  xl: "288px",
};
const ALIGN = ["start", "center", "end"] as const;
const VERTICAL = { start: "top", center: "middle", end: "bottom" } as const;

const HeaderContext = createContext(false);

/** A table that scrolls sideways inside itself; where it was scrolled to is remembered. */
export function Table({ node }: { node: WidgetNode }): JSX.Element {
  const scope = useScope();
  const box = useScrollMemory<HTMLElement>(node);
  return (
    <section
      ref={box}
      {...named("table")}
      aria-label={scope.t("widget.table")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
      tabIndex={0}
    >
      <table>
        <tbody>
          <Children of={node} />
        </tbody>
      </table>
    </section>
  );
}

export function TableRow({ node }: { node: WidgetNode }): JSX.Element {
  const header = flag(node.props, "header") === true;
  return (
    <tr part="widget-table-row" data-header={header || undefined}>
      <HeaderContext.Provider value={header}>
        <Children of={node} />
      </HeaderContext.Provider>
    </tr>
  );
}

export function TableCell({ node }: { node: WidgetNode }): JSX.Element {
  const { props } = node;
  const header = useContext(HeaderContext);
  const style: Style = {};
  const width = length(props.width) ?? COLUMN_SIZES[String(props.colSize)];
  if (width) Object.assign(style, { width, minWidth: width });
  spacing(style, "padding", props.padding);
  const align = oneOf(props, "align", ALIGN);
  if (align) style.textAlign = align;
  const vertical = oneOf(props, "vAlign", ALIGN);
  if (vertical) style.verticalAlign = VERTICAL[vertical];
  const attributes = {
    style,
    colSpan: count(props, "colSpan", 1, 100),
    rowSpan: count(props, "rowSpan", 1, 100),
    "data-align": align,
    part: "widget-table-cell",
  };
  const content = (
    <DirectionContext.Provider value="col">
      <Children of={node} />
    </DirectionContext.Provider>
  );
  return header ? (
    <th scope="col" {...attributes}>
      {content}
    </th>
  ) : (
    <td {...attributes}>{content}</td>
  );
}
