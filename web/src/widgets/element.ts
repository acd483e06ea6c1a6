import { ChatKitWidgetElement, defineWidgetElement } from "./widget-element.tsx";

defineWidgetElement();

export { ChatKitWidgetElement };
