import type { ReadonlySignal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { ActionRequest } from "../core/api.ts";
import type { WidgetMemory } from "./memory.ts";
import type { MessageKey } from "./messages.ts";
import type { WidgetNode } from "./node.ts";
import type { WidgetComponent } from "./registry.ts";

export type { ActionRequest, ActionTrigger, WidgetAction } from "../core/api.ts";

/** What the renderer asks of the place it is drawn in: a thread, the Studio's preview, an element of its own. */
export interface WidgetHost {
  /**
   * Carries an action out. The promise settles when nothing is under way any more (the turn ended, the page's handler
   * returned); until then the widget shows its loading state. Merging of `values` is the host's (`mergeValues`).
   */
  perform(request: ActionRequest): Promise<void>;
  /** True while the thread streams: actions that need a stream of their own are refused then. */
  readonly busy: ReadonlySignal<boolean>;
  /** Diagnostics without what a person typed. */
  log(name: string, data?: Record<string, unknown>): void;
  error(error: Error): void;
  /** Draws Markdown; without it the text is shown as it is. */
  readonly markdown?: ComponentType<{ readonly text: string; readonly streaming?: boolean }>;
  /** BCP 47 tag for dates and numbers. */
  readonly locale: ReadonlySignal<string>;
  /** The host's words; `undefined` falls back to English. */
  t?(key: MessageKey, values?: Readonly<Record<string, string | number>>): string | undefined;
  /** Shows what a widget got wrong instead of only logging it. */
  readonly development?: boolean;
  /** Keeps what was typed, toggled and scrolled while a widget is not on the screen. */
  readonly memory: WidgetMemory;
  /** Told of each node that was drawn or drawn again, with its first element; for tools that show where things are. */
  drawn?(node: WidgetNode, element: Element | null): void;
  /** Components of the page, by type name; they win over the built-in ones. */
  readonly components?: Readonly<Record<string, WidgetComponent>>;
}

/** Something wrong with a widget: a form field that collides with the payload, a component that failed to draw. */
export class WidgetError extends Error {
  override readonly name = "WidgetError";
}
