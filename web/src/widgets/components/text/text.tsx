import type { JSX } from "preact";
import type { WidgetNode } from "../../node.ts";
import { object, oneOf, text } from "../../props.ts";
import { named } from "../element.ts";
import { EditableText } from "./editable.tsx";
import { textStyle } from "./text-style.ts";

const TEXT_SIZES = ["xs", "sm", "md", "lg", "xl"] as const;
const TITLE_SIZES = ["sm", "md", "lg", "xl", "2xl", "3xl", "4xl", "5xl"] as const;
const CAPTION_SIZES = ["sm", "md", "lg"] as const;

/** Text whose one text node is what a streamed delta touches. */
function Words({ node, name, size }: { node: WidgetNode; name: string; size: string }): JSX.Element {
  const { style, clamp } = textStyle(node.props);
  return (
    <div {...named(name, style)} data-size={size} data-clamp={clamp || undefined} dir="auto">
      {text(node.props, "value") ?? ""}
    </div>
  );
}

export function Text({ node }: { node: WidgetNode }): JSX.Element {
  const size = oneOf(node.props, "size", TEXT_SIZES) ?? "md";
  const editable = object(node.props, "editable");
  if (editable && typeof editable.name === "string") {
    return <EditableText node={node} editable={editable} name={editable.name} size={size} />;
  }
  return <Words node={node} name="text" size={size} />;
}

export function Title({ node }: { node: WidgetNode }): JSX.Element {
  return <Words node={node} name="title" size={oneOf(node.props, "size", TITLE_SIZES) ?? "md"} />;
}

export function Caption({ node }: { node: WidgetNode }): JSX.Element {
  return <Words node={node} name="caption" size={oneOf(node.props, "size", CAPTION_SIZES) ?? "md"} />;
}
