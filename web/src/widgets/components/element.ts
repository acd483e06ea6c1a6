import type { Style } from "../box-style.ts";

/** Class, part and declarations of a component's outermost element. */
export function named(
  name: string,
  style?: Style,
): { class: string; part: string; style: Style | undefined } {
  return {
    class: `w-${name}`,
    part: `widget-${name}`,
    style: style && Object.keys(style).length > 0 ? style : undefined,
  };
}

/** How far a flush child of this box may bleed: the box's own padding, edge by edge. */
export function bleed(style: Style): Style {
  const edge = (side: string): string => style[`padding${side}`] ?? style.padding ?? "0px";
  return {
    ...style,
    "--w-pt": edge("Top"),
    "--w-pr": edge("Right"),
    "--w-pb": edge("Bottom"),
    "--w-pl": edge("Left"),
  };
}
