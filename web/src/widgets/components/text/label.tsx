import type { JSX } from "preact";
import type { WidgetNode } from "../../node.ts";
import { oneOf, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { named } from "../element.ts";
import { textStyle } from "./text-style.ts";

/** Names the control called `fieldName` and brings focus to it. */
export function Label({ node }: { node: WidgetNode }): JSX.Element {
  const { style } = textStyle(node.props);
  const { fieldId } = useScope();
  const field = text(node.props, "fieldName");
  return (
    <label
      {...named("label", style)}
      htmlFor={field === undefined ? undefined : fieldId(field)}
      data-size={oneOf(node.props, "size", ["xs", "sm", "md", "lg", "xl"]) ?? "sm"}
      dir="auto"
    >
      {text(node.props, "value") ?? ""}
    </label>
  );
}
