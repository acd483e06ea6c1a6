import type { JSX } from "preact";
import type { Style } from "../../box-style.ts";
import { color, length, space } from "../../css-values.ts";
import type { WidgetNode } from "../../node.ts";
import { flag } from "../../props.ts";
import { named } from "../element.ts";

/** A line across its container; with `flush` from edge to edge. */
export function Divider({ node }: { node: WidgetNode }): JSX.Element {
  const style: Style = {
    "--_color": color(node.props.color, "border") ?? "var(--ck-color-border)",
    "--_size": length(node.props.size) ?? "1px",
  };
  const distance = space(node.props.spacing);
  if (distance !== undefined) style["--_space"] = distance;
  return (
    <hr
      {...named("divider", style)}
      data-flush={flag(node.props, "flush") || undefined}
      data-spaced={distance === undefined ? undefined : true}
    />
  );
}
