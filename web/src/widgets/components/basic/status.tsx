import type { JSX } from "preact";
import { Icon } from "../../../icons/index.tsx";
import type { WidgetNode } from "../../node.ts";
import { flag, object, text } from "../../props.ts";
import { imageUrl } from "../../url.ts";

/** The line above a card or list: where it comes from, or how far it is. */
export function Status({ node }: { node: WidgetNode }): JSX.Element | null {
  const status = object(node.props, "status");
  const words = status && text(status, "text");
  if (!status || words === undefined) return null;
  const favicon = imageUrl(status.favicon);
  const icon = text(status, "icon");
  return (
    <div class="w-status" part="widget-status">
      {favicon ? (
        <img
          src={favicon}
          alt=""
          data-frame={flag(status, "frame") || undefined}
          referrerpolicy="no-referrer"
        />
      ) : icon ? (
        <Icon name={icon} />
      ) : null}
      <span dir="auto">{words}</span>
    </div>
  );
}
