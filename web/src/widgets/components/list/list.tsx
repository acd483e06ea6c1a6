import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Button } from "../../../base/index.ts";
import { useAction } from "../../action.ts";
import { boxStyle } from "../../box-style.ts";
import type { WidgetNode } from "../../node.ts";
import { action, count } from "../../props.ts";
import { Children, NodeView } from "../../render.tsx";
import { DirectionContext, useScope } from "../../scope.ts";
import { themeOf } from "../basic/basic.tsx";
import { Status } from "../basic/status.tsx";
import { named } from "../element.ts";

/** How many entries `limit: "auto"` shows at first. */
const AUTO = 6;

export function ListView({ node }: { node: WidgetNode }): JSX.Element {
  const scope = useScope();
  const memory = scope.remember(node, "all");
  const [all, setAll] = useState(memory.get() === true);
  const limit = count(node.props, "limit", 1, 1000) ?? AUTO;
  const shown = all ? node.children : node.children.slice(0, limit);
  const more = node.children.length - shown.length;
  return (
    <section {...named("list")} data-theme={themeOf(node)}>
      <Status node={node} />
      <div class="w-list-box" part="widget-list-box">
        <ul class="w-list-items">
          {shown.map((child) =>
            child.type === "ListViewItem" ? (
              <NodeView key={child.key} node={child} />
            ) : (
              <li key={child.key} class="w-item">
                <NodeView node={child} />
              </li>
            ),
          )}
        </ul>
        {more > 0 ? (
          <div class="w-list-more">
            <Button
              variant="ghost"
              size="sm"
              iconEnd="chevron-down"
              iconSize="sm"
              onClick={() => {
                memory.set(true);
                setAll(true);
              }}
            >
              {scope.t("widget.show_more")}
            </Button>
          </div>
        ) : null}
      </div>
    </section>
  );
}

/** A row of a list. With an action the whole row is pressed, while controls inside keep their own clicks. */
export function ListViewItem({ node }: { node: WidgetNode }): JSX.Element {
  const raised = useAction(node);
  const content = useId();
  const press = action(node.props, "onClickAction");
  const { gap = 3, align, padding } = node.props;
  return (
    <li
      class="w-item"
      part="widget-item"
      data-pressable={press ? true : undefined}
      data-loading={raised.loading || undefined}
      data-shake={raised.refused || undefined}
    >
      {press ? (
        <button
          type="button"
          class="w-item-press"
          aria-labelledby={content}
          aria-disabled={raised.loading || undefined}
          onClick={() => raised.raise(press, "ListViewItem.onClickAction")}
        />
      ) : null}
      <div class="w-item-content" id={content} data-direction="row" style={boxStyle({ gap, align, padding })}>
        <DirectionContext.Provider value="row">
          <Children of={node} />
        </DirectionContext.Provider>
      </div>
    </li>
  );
}
