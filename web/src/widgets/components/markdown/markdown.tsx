import type { JSX } from "preact";
import type { WidgetNode } from "../../node.ts";
import { flag, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { useScrollMemory } from "../../scroll.ts";
import { named } from "../element.ts";

/** Markdown, drawn by the host's renderer. */
export function Markdown({ node }: { node: WidgetNode }): JSX.Element {
  const { host } = useScope();
  const value = text(node.props, "value") ?? "";
  const Renderer = host.markdown;
  const box = useScrollMemory<HTMLDivElement>(node);
  return (
    <div ref={box} {...named("markdown")} data-plain={Renderer ? undefined : true} dir="auto">
      {Renderer ? <Renderer text={value} streaming={flag(node.props, "streaming") === true} /> : value}
    </div>
  );
}
