/** What the session needs to know from the page, already checked. The element derives it from `setOptions`. */
import type { WidgetNode } from "../protocol/types.ts";

export interface SessionOptions {
  readonly api: SessionApi;
  /** BCP 47 tag for `Accept-Language`. */
  readonly locale: string;
  readonly initialThread: string | null;
  readonly tools: readonly ToolOption[];
  readonly models: readonly ModelOption[];
  readonly attachments: AttachmentOptions | null;
  readonly historyEnabled: boolean;
  readonly disabled: boolean;
  readonly onClientTool: ((call: { name: string; params: Record<string, unknown> }) => unknown) | null;
  readonly onAction: ((action: RaisedAction, item: { id: string; widget: WidgetNode }) => unknown) | null;
}

/** What is left of a widget's action when it is carried out. */
export interface RaisedAction {
  readonly type: string;
  readonly payload?: unknown;
}

export interface SessionApi {
  /** Absolute. */
  readonly url: string;
  /** Called detached, with a string and a plain object. */
  readonly fetch: typeof fetch;
  readonly uploadStrategy: { type: "two_phase" } | { type: "direct"; uploadUrl: string } | null;
  /** Hosted profile: the current bearer token, asked again with the refused one after a 401. */
  readonly getClientSecret: ((current: string | null) => Promise<string>) | null;
}

export interface ToolOption {
  readonly id: string;
  readonly label: string;
  readonly persistent: boolean;
}

export interface ModelOption {
  readonly id: string;
  readonly label: string;
  readonly disabled: boolean;
  readonly default: boolean;
}

export interface AttachmentOptions {
  readonly maxSize: number | Readonly<Record<string, number>>;
  readonly maxCount: number;
  /** MIME type → extensions, as in `showOpenFilePicker`; null accepts everything. */
  readonly accept: Readonly<Record<string, readonly string[]>> | null;
}
