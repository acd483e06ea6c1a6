import { signal } from "@preact/signals";
import { render } from "preact";
import { act } from "preact/test-utils";
import { onTestFinished } from "vitest";
import type { ChatState } from "../core/state.ts";
import { type Chat, ChatContext } from "../element/context.ts";
import type { ResolvedOptions } from "../element/options.ts";
import { ChatView } from "../element/view.tsx";
import { type Call, plainOptions, staticSession } from "./static_session.ts";

export interface Mounted {
  readonly root: ShadowRoot;
  readonly calls: readonly Call[];
  readonly deeplinks: readonly string[];
  /** Text of the first element that matches, without surrounding space. */
  text(selector: string): string;
  all(selector: string): Element[];
  one<T extends Element = HTMLElement>(selector: string): T;
  /** The button with this accessible name. */
  button(name: string): HTMLButtonElement | undefined;
  click(target: Element): Promise<void>;
  show(change: Partial<ChatState>): Promise<void>;
  unmount(): void;
}

/** Draws the chat, for as long as the test runs, with a session that stands still. */
export async function mount(
  state: Partial<ChatState> = {},
  given: Partial<ResolvedOptions> = {},
): Promise<Mounted> {
  const { session, calls, show } = staticSession(state);
  const deeplinks: string[] = [];
  const host = document.createElement("div");
  document.body.append(host);
  const root = host.attachShadow({ mode: "open" });
  const chat: Chat = {
    session,
    options: signal<ResolvedOptions>({ ...plainOptions, ...given }),
    host,
    root,
    deeplink: (href) => deeplinks.push(href),
    registerFocus: () => () => undefined,
  };
  await act(async () => {
    render(
      <ChatContext.Provider value={chat}>
        <ChatView />
      </ChatContext.Provider>,
      root,
    );
  });
  const unmount = (): void => {
    render(null, root);
    host.remove();
  };
  onTestFinished(unmount);
  const one = <T extends Element>(selector: string): T => {
    const found = root.querySelector<T>(selector);
    if (!found) throw new Error(`Nothing matches ${selector}`);
    return found;
  };
  return {
    root,
    calls,
    deeplinks,
    text: (selector) => one(selector).textContent?.trim() ?? "",
    all: (selector) => [...root.querySelectorAll(selector)],
    one,
    button: (name) =>
      [...root.querySelectorAll("button")].find(
        (each) => (each.getAttribute("aria-label") ?? each.textContent?.trim()) === name,
      ),
    click: (target) =>
      act(async () => {
        (target as HTMLElement).click();
      }),
    show: (change) => act(async () => show(change)),
    unmount,
  };
}
