import { Markdown } from "./standalone-markdown.tsx";
import { ChatKitWidgetElement, defineWidgetElement } from "./widget-element.tsx";

ChatKitWidgetElement.markdown ??= Markdown;
defineWidgetElement();

export { ChatKitWidgetElement };
