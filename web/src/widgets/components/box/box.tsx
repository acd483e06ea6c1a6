import type { JSX } from "preact";
import { boxStyle } from "../../box-style.ts";
import { length } from "../../css-values.ts";
import type { WidgetNode } from "../../node.ts";
import { Children } from "../../render.tsx";
import { DirectionContext } from "../../scope.ts";
import { bleed, named } from "../element.ts";

export type Direction = "row" | "col";

/** A flex container with the whole set of box props. */
export function Flex({
  node,
  name,
  direction,
}: {
  node: WidgetNode;
  name: string;
  direction: Direction;
}): JSX.Element {
  const style = boxStyle(node.props);
  return (
    <div
      {...named(name, bleed(style))}
      data-direction={direction}
      data-auto={style.gap === undefined ? direction : undefined}
    >
      <DirectionContext.Provider value={direction}>
        <Children of={node} />
      </DirectionContext.Provider>
    </div>
  );
}

export function Box({ node }: { node: WidgetNode }): JSX.Element {
  return <Flex node={node} name="box" direction={node.props.direction === "row" ? "row" : "col"} />;
}

export function Row({ node }: { node: WidgetNode }): JSX.Element {
  return <Flex node={node} name="row" direction="row" />;
}

export function Col({ node }: { node: WidgetNode }): JSX.Element {
  return <Flex node={node} name="col" direction="col" />;
}

export function Spacer({ node }: { node: WidgetNode }): JSX.Element {
  const least = length(node.props.minSize);
  return (
    <div
      {...named("spacer", least ? { flexBasis: least, minWidth: least, minHeight: least } : {})}
      aria-hidden="true"
    />
  );
}
