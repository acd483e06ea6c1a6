/** Every screen with made-up content, one per `#name`: for looking at them and for golden pictures. */
import { signal } from "@preact/signals";
import { render } from "preact";
import { createTheme } from "../base/index.ts";
import { emptyThread } from "../core/state.ts";
import { type Chat, ChatContext } from "../element/context.ts";
import type { ResolvedOptions } from "../element/options.ts";
import { ChatView } from "../element/view.tsx";
import { answered, asked, SCREENS } from "./screen_states.ts";
import { plainOptions, staticSession } from "./static_session.ts";

const [name = "start", ...flags] = location.hash.slice(1).split(",");
const dark = flags.includes("dark");
const locale = flags.find((flag) => flag.startsWith("locale="))?.slice("locale=".length) ?? "en";
const layout = flags.find((flag) => flag.startsWith("layout="))?.slice("layout=".length) as
  | ResolvedOptions["layout"]
  | undefined;
const follow = flags.includes("follow") ? { thread: { autoScroll: true } } : {};
const screen = SCREENS[name] ?? {};
const { session, show, showThread, calls } = staticSession({ thread: emptyThread, ...screen.state });
const options = signal<ResolvedOptions>({
  ...plainOptions,
  locale,
  ...screen.options,
  ...follow,
  ...(layout ? { layout } : {}),
});
const host = document.createElement("div");
host.style.cssText = "position:fixed;inset:0";
document.body.append(host);
const root = host.attachShadow({ mode: "open" });
createTheme(root)({ colorScheme: dark ? "dark" : "light", ...screen.theme });
const chat: Chat = {
  session,
  options,
  host,
  root,
  deeplink: () => undefined,
  registerFocus: () => () => undefined,
};
render(
  <ChatContext.Provider value={chat}>
    <ChatView />
  </ChatContext.Provider>,
  root,
);
Object.assign(globalThis, { screens: { show, showThread, calls, session, options, answered, asked } });
