import { useComputed } from "@preact/signals";
import type { ChatState } from "../core/state.ts";
import { useChat } from "./context.ts";
import type { ResolvedOptions } from "./options.ts";

/** A part of the state; the component is drawn again only when that part is another value. */
export function useSlice<T>(select: (state: ChatState) => T): T {
  const { session } = useChat();
  return useComputed(() => select(session.state.value)).value;
}

/** A part of the page's options. */
export function useOption<T>(select: (options: ResolvedOptions) => T): T {
  const { options } = useChat();
  return useComputed(() => select(options.value)).value;
}
