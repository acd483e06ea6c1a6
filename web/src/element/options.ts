/** The page's options, checked and with defaults filled in: what screens read. */
import type {
  ChatKitIcon,
  ChatKitOptions,
  Command,
  CommandsOption,
  Entity,
  HeaderIcon,
  ModelOption,
  ThemeOption,
  ToolOption,
  Widgets,
} from "@openai/chatkit";
import type { SessionOptions } from "../core/options.ts";
import type { UserMessageContent } from "../protocol/types.ts";

/** Beyond the published options: what users of the original ask for. */
export interface ExtraOptions {
  /** Takes no input while true; the thread stays readable. */
  disabled?: boolean;
  /**
   * - `fill` (default): as large as the host's box, scrolls inside.
   * - `document`: as tall as its content; the page scrolls.
   * - `popup`: a round button in the corner that opens the chat above it.
   * - `side-panel`: the same, as a panel along the inline end.
   */
  layout?: "fill" | "document" | "popup" | "side-panel";
  markdown?: {
    /** Single newlines in an answer become line breaks. */
    breaks?: boolean;
    /** Address of Mermaid's file `mermaid.min.js`, which the page provides; with it, `mermaid` code blocks are drawn. */
    mermaid?: string;
  };
}

export type AllOptions = ChatKitOptions & ExtraOptions;

export interface ResolvedOptions {
  readonly locale: string;
  readonly theme: ThemeOption;
  readonly frameTitle: string | null;
  readonly header: {
    readonly enabled: boolean;
    readonly title: { readonly enabled: boolean; readonly text: string | null };
    readonly leftAction: HeaderAction | null;
    readonly rightAction: HeaderAction | null;
  };
  readonly history: { readonly enabled: boolean; readonly showDelete: boolean; readonly showRename: boolean };
  readonly startScreen: { readonly greeting: string | null; readonly prompts: readonly Prompt[] };
  readonly threadItemActions: { readonly feedback: boolean; readonly retry: boolean };
  readonly composer: {
    readonly placeholder: string | null;
    readonly attachments: {
      readonly maxSize: number | Readonly<Record<string, number>>;
      readonly maxCount: number;
      readonly accept: Readonly<Record<string, readonly string[]>> | null;
    } | null;
    readonly tools: readonly ToolOption[];
    readonly models: readonly ModelOption[];
    readonly dictation: boolean;
  };
  readonly disclaimer: { readonly text: string; readonly highContrast: boolean } | null;
  readonly entities: {
    readonly onTagSearch: ((query: string) => Promise<Entity[]>) | null;
    readonly showComposerMenu: boolean;
    readonly onClick: ((entity: Entity) => void) | null;
    readonly onRequestPreview: ((entity: Entity) => Promise<{ preview: Widgets.BasicRoot | null }>) | null;
  };
  readonly commands: {
    readonly enabled: boolean;
    readonly onSearch: ((query: string) => Promise<Command[]>) | null;
    readonly onSelect: NonNullable<CommandsOption["onSelect"]> | null;
  };
  readonly thread: { readonly autoScroll: boolean };
  readonly markdown: { readonly breaks: boolean; readonly mermaid: string | null };
  readonly disabled: boolean;
  readonly layout: "fill" | "document" | "popup" | "side-panel";
  /** What the session works with; every request fails while there is a `problem`. */
  readonly session: SessionOptions;
  /** What is missing, in words for the developer; the error panel shows it instead of the chat. */
  readonly problem: string | null;
}

export interface HeaderAction {
  readonly icon: HeaderIcon;
  readonly onClick: () => void;
}

export interface Prompt {
  readonly label: string;
  readonly prompt: string | readonly UserMessageContent[];
  readonly icon: ChatKitIcon | null;
}
