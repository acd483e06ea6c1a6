import type { Style } from "../../box-style.ts";
import { color, length, space } from "../../css-values.ts";
import type { Props } from "../../node.ts";
import { count, flag, oneOf } from "../../props.ts";

const WEIGHTS = { normal: "400", medium: "500", semibold: "600", bold: "700" } as const;
const ALIGN = ["start", "center", "end"] as const;

/** Declarations of the text components, and whether the text is cut after a number of lines. */
export function textStyle(props: Props): { style: Style; clamp: boolean } {
  const style: Style = {};
  const weight = oneOf(props, "weight", Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[]);
  if (weight) style.fontWeight = WEIGHTS[weight];
  const paint = color(props.color, "text");
  if (paint) style.color = paint;
  const align = oneOf(props, "textAlign", ALIGN);
  if (align) style.textAlign = align;
  const width = length(props.width);
  if (width) style.width = width;
  if (flag(props, "italic")) style.fontStyle = "italic";
  if (flag(props, "lineThrough")) style.textDecoration = "line-through";
  const least = count(props, "minLines", 1, 100);
  if (least) style.minHeight = `${least}lh`;
  const lines = flag(props, "truncate") ? 1 : count(props, "maxLines", 1, 100);
  if (lines) style["--_lines"] = String(lines);
  const margin = space(props.margin);
  if (margin) style.margin = margin;
  return { style, clamp: lines !== undefined };
}
