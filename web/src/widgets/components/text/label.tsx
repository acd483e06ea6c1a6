import type { JSX } from "preact";
import { useId, useLayoutEffect } from "preact/hooks";
import type { WidgetNode } from "../../node.ts";
import { oneOf, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { named } from "../element.ts";
import { textStyle } from "./text-style.ts";

/** Names the control called `fieldName` and brings focus to it. */
export function Label({ node }: { node: WidgetNode }): JSX.Element {
  const { style } = textStyle(node.props);
  const { fieldId, labels } = useScope();
  const id = useId();
  const field = text(node.props, "fieldName");
  useLayoutEffect(() => {
    if (field === undefined) return;
    labels.value = { ...labels.peek(), [field]: id };
    return () => {
      const { [field]: gone, ...others } = labels.peek();
      if (gone === id) labels.value = others;
    };
  }, [labels, field, id]);
  return (
    <label
      {...named("label", style)}
      id={id}
      htmlFor={field === undefined ? undefined : fieldId(field)}
      data-size={oneOf(node.props, "size", ["xs", "sm", "md", "lg", "xl"]) ?? "sm"}
      dir="auto"
    >
      {text(node.props, "value") ?? ""}
    </label>
  );
}
