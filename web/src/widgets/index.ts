export {
  type ActionRequest,
  type ActionTrigger,
  type WidgetAction,
  WidgetError,
  type WidgetHost,
} from "./host.ts";
export { createMemory, sessionStorageOrNone, tabMemory, type WidgetMemory, within } from "./memory.ts";
export { fill, type MessageKey, messages } from "./messages.ts";
export { MAX_DEPTH, MAX_NODES, readWidget, type WidgetNode } from "./node.ts";
export {
  type Drawing,
  type OwnComponent,
  type OwnPart,
  registerComponent,
  type WidgetComponent,
} from "./registry.ts";
export { Children } from "./render.tsx";
export { useScope } from "./scope.ts";
export { WidgetView, type WidgetViewProps } from "./view.tsx";
