import type { JSX } from "preact";
import { boxStyle } from "../../box-style.ts";
import type { WidgetNode } from "../../node.ts";
import { Children } from "../../render.tsx";
import { DirectionContext } from "../../scope.ts";
import { bleed, named } from "../element.ts";

/** The colour scheme a root asks for, for `data-theme`. */
export function themeOf(node: WidgetNode): "light" | "dark" | undefined {
  const { theme } = node.props;
  return theme === "light" || theme === "dark" ? theme : undefined;
}

/** A root without a frame. */
export function Basic({ node }: { node: WidgetNode }): JSX.Element {
  const direction = node.props.direction === "row" ? "row" : "col";
  const { gap, padding, align, justify } = node.props;
  const style = boxStyle({ gap, padding, align, justify });
  return (
    <div
      {...named("basic", bleed(style))}
      data-theme={themeOf(node)}
      data-direction={direction}
      data-auto={style.gap === undefined ? direction : undefined}
    >
      <DirectionContext.Provider value={direction}>
        <Children of={node} />
      </DirectionContext.Provider>
    </div>
  );
}
