import type { JSX } from "preact";
import type { WidgetNode } from "../../node.ts";
import { flag, oneOf, text } from "../../props.ts";
import { named } from "../element.ts";

const COLORS = ["secondary", "success", "danger", "warning", "info", "discovery"] as const;

export function Badge({ node }: { node: WidgetNode }): JSX.Element {
  const { props } = node;
  return (
    <span
      {...named("badge")}
      data-tone={oneOf(props, "color", COLORS) ?? "secondary"}
      data-variant={oneOf(props, "variant", ["solid", "soft", "outline"]) ?? "soft"}
      data-size={oneOf(props, "size", ["sm", "md", "lg"]) ?? "sm"}
      data-pill={flag(props, "pill") === false ? undefined : true}
      dir="auto"
    >
      <span>{text(props, "label") ?? ""}</span>
    </span>
  );
}
