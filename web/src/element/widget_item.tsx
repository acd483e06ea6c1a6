import { signal, useComputed } from "@preact/signals";
import { type ComponentChildren, createContext, type VNode } from "preact";
import { useContext, useEffect, useMemo } from "preact/hooks";
import { prefetchFloating } from "../base/index.ts";
import type { ActionRequest } from "../core/api.ts";
import { useI18n } from "../i18n/index.ts";
import { Markdown, prefetchMarkdown } from "../markdown/index.tsx";
import type { WidgetItem, WidgetNode } from "../protocol/types.ts";
import type { WidgetHost } from "../widgets/host.ts";
import { tabMemory, within } from "../widgets/memory.ts";
import type { WidgetViewProps } from "../widgets/view.tsx";
import { useChat } from "./context.ts";
import { lazy } from "./lazy.tsx";
import { useSlice } from "./slice.ts";
import { useMarkdownHost } from "./surroundings.tsx";

const loadView = () => import("../widgets/view.tsx").then((module) => module.WidgetView);

/** Nobody needs widgets before the first answer, so their code waits until the browser has nothing else to do. */
const WidgetView = lazy<WidgetViewProps>(loadView);

function usePrefetch(): void {
  useEffect(() => {
    const fetchQuietly = (): void => {
      loadView().catch(() => undefined);
      prefetchFloating();
      void prefetchMarkdown();
    };
    if (typeof requestIdleCallback === "undefined") {
      const timer = setTimeout(fetchQuietly, 1000);
      return () => clearTimeout(timer);
    }
    const waiting = requestIdleCallback(fetchQuietly, { timeout: 3000 });
    return () => cancelIdleCallback(waiting);
  }, []);
}

const HostContext = createContext<WidgetHost | null>(null);

/** Markdown inside a widget: links and images follow the rules of the thread. */
function WidgetMarkdown({ text, streaming = false }: { text: string; streaming?: boolean }): VNode {
  const host = useMarkdownHost();
  return <Markdown text={text} streaming={streaming} host={host} />;
}

/** Connects all widgets of a chat with its session. */
export function WidgetSurroundings({ children }: { children: ComponentChildren }): VNode {
  usePrefetch();
  const { session } = useChat();
  const i18n = useI18n();
  const busy = useComputed(() => session.state.value.turn.phase !== "idle");
  const locale = useMemo(() => signal(i18n.locale), [i18n]);
  const host = useMemo<WidgetHost>(
    () => ({
      perform: (request: ActionRequest) => session.perform(request),
      busy,
      log: (name, data) => session.log(name, data),
      error: (error) => session.report(error),
      markdown: WidgetMarkdown,
      locale,
      t: (key, values) => i18n.t(key, values),
      // Item ids are only sure to be unique within their thread: some servers count them.
      get memory() {
        return within(tabMemory(), session.state.peek().thread.id ?? "");
      },
    }),
    [session, busy, i18n, locale],
  );
  return <HostContext.Provider value={host}>{children}</HostContext.Provider>;
}

function useHost(): WidgetHost {
  const host = useContext(HostContext);
  if (!host) throw new Error("A widget of the chat needs <WidgetSurroundings> above it");
  return host;
}

/** A widget of the thread. */
export function WidgetBlock({ item }: { item: WidgetItem }): VNode {
  const host = useHost();
  const fieldErrors = useSlice((state) => state.thread.marks[item.id]?.fieldErrors);
  return <WidgetView widget={item.widget} itemId={item.id} host={host} fieldErrors={fieldErrors} />;
}

/** A widget outside the thread: the card of an entity. Only client actions work there. */
export function PreviewWidget({ widget }: { widget: WidgetNode }): VNode {
  return <WidgetView widget={widget} itemId={null} host={useHost()} />;
}
