import type { VNode } from "preact";
import type { ItemMark } from "../core/state.ts";
import type { ThreadItem } from "../protocol/types.ts";
import { AssistantMessage } from "./assistant.tsx";
import { GeneratedImageView } from "./generated_image.tsx";
import { memo } from "./memo.ts";
import { StructuredSummary } from "./structured_summary.tsx";
import { isShown } from "./turns.ts";
import { WidgetBlock } from "./widget_item.tsx";
import { TaskView, WorkflowView } from "./workflow.tsx";

function body(item: ThreadItem, streaming: boolean): VNode | null {
  switch (item.type) {
    case "assistant_message":
      return <AssistantMessage item={item} streaming={streaming} />;
    case "widget":
      return <WidgetBlock item={item} />;
    case "workflow":
      return <WorkflowView item={item} streaming={streaming} />;
    case "task":
      return <TaskView item={item} />;
    case "generated_image":
      return <GeneratedImageView item={item} streaming={streaming} />;
    case "structured_input":
      return <StructuredSummary item={item} />;
    default:
      return null;
  }
}

/** One answering item. Drawn again only when the item or what is known about it changed. */
export const AnswerItem = memo(function AnswerItem(props: {
  item: ThreadItem;
  mark: ItemMark | undefined;
}): VNode | null {
  const { item, mark } = props;
  if (!isShown(item)) return null;
  const drawn = body(item, mark?.streaming === true);
  if (!drawn) return null;
  return (
    <div class="ck-item" data-type={item.type} data-id={item.id} data-stale={mark?.stale || undefined}>
      {drawn}
    </div>
  );
});
