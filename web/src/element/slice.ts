import { useComputed } from "@preact/signals";
import type { ChatState } from "../core/state.ts";
import { useChat } from "./context.ts";
import type { ResolvedOptions } from "./options.ts";

/** A part of the state; the component is drawn again only when that part is another value. */
export function useSlice<T>(select: (state: ChatState) => T): T {
  const { session } = useChat();
  // Reading the computed value subscribes; what is returned comes from the selector of this drawing, which may look at
  // other props than the one before.
  void useComputed(() => select(session.state.value)).value;
  return select(session.state.peek());
}

/** A part of the page's options. */
export function useOption<T>(select: (options: ResolvedOptions) => T): T {
  const { options } = useChat();
  void useComputed(() => select(options.value)).value;
  return select(options.peek());
}
