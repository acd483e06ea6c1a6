/** What every screen gets: the session, the page's options and the way out to the page. */
import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ChatSession } from "../core/api.ts";
import type { ResolvedOptions } from "./options.ts";

export interface Chat {
  readonly session: ChatSession;
  readonly options: ReadonlySignal<ResolvedOptions>;
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
  /** A click on a `chatkit-link:` address. */
  deeplink(href: string): void;
  /** The editor registers itself here; returns how to take it back. */
  registerFocus(focus: () => void): () => void;
}

export const ChatContext = createContext<Chat | null>(null);

/** The chat around this component. Throws outside of one. */
export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (chat === null) throw new Error("useChat() needs a <ChatContext.Provider> above it");
  return chat;
}
