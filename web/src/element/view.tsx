import type { VNode } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { adopt, RootContext } from "../base/sheet.ts";
import { type I18n, I18nContext, i18nNow, loadI18n, useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import { Markdown } from "../markdown/index.tsx";
import type { StructuredInputItem, ThreadItem } from "../protocol/types.ts";
import { Composer } from "./composer.tsx";
import { useChat } from "./context.ts";
import { DropTarget } from "./drop.tsx";
import { Header } from "./header.tsx";
import { Launcher } from "./launcher.tsx";
import { lazy } from "./lazy.tsx";
import { useOption, useSlice } from "./slice.ts";
import { Greeting, Prompts } from "./start.tsx";
import { viewStyles } from "./styles.ts";
import { Surroundings, useMarkdownHost } from "./surroundings.tsx";
import { ThreadView } from "./thread.tsx";
import { Toasts } from "./toasts.tsx";
import { WidgetSurroundings } from "./widget_item.tsx";

const HistoryView = lazy(() => import("./history.tsx").then((module) => module.HistoryView));
const StructuredComposer = lazy(() => import("./structured.tsx").then((module) => module.StructuredComposer));
const Lightbox = lazy(() => import("./lightbox.tsx").then((module) => module.Lightbox));

function useLanguage(): I18n {
  const locale = useOption((options) => options.locale);
  const [language, setLanguage] = useState(() => i18nNow(locale));
  useEffect(() => {
    let current = true;
    void loadI18n(locale).then((loaded) => current && setLanguage(loaded));
    return () => {
      current = false;
    };
  }, [locale]);
  return language;
}

function Problem({ text }: { text: string }): VNode {
  const { t } = useI18n();
  return (
    <div class="ck-problem" role="alert" part="error-panel">
      <Icon name="warning" size={28} />
      <h2>{t("error.setup")}</h2>
      <p>{text}</p>
    </div>
  );
}

function Disclaimer(): VNode | null {
  const disclaimer = useOption((options) => options.disclaimer);
  const host = useMarkdownHost();
  if (!disclaimer) return null;
  return (
    <div class="ck-disclaimer" part="disclaimer" data-contrast={disclaimer.highContrast || undefined}>
      <Markdown text={disclaimer.text} host={host} />
    </div>
  );
}

function pendingQuestion(items: readonly ThreadItem[]): StructuredInputItem | null {
  const last = items.findLast((item) => item.type !== "end_of_turn");
  return last?.type === "structured_input" && last.status === "pending" ? last : null;
}

/** The composer, or what stands in its place: a question of the assistant, or the reason why the thread is closed. */
function Input(): VNode {
  const { t } = useI18n();
  const status = useSlice((state) => state.thread.status);
  const question = useSlice((state) => pendingQuestion(state.thread.items));
  if (status.type === "closed") {
    return (
      <div class="ck-closed" part="closed" role="status">
        <Icon name="info" size={18} />
        <span dir="auto">{status.reason || t("composer.closed")}</span>
      </div>
    );
  }
  if (question) return <StructuredComposer key={question.id} item={question} />;
  return <Composer />;
}

function Chat(): VNode {
  const fresh = useSlice(
    (state) =>
      state.thread.items.length === 0 && state.thread.load.phase === "idle" && state.turn.phase === "idle",
  );
  const [scrolled, setScrolled] = useState(false);
  const onScrolled = useCallback((value: boolean) => setScrolled(value), []);
  return (
    <div class="ck-chat" data-fresh={fresh || undefined}>
      <Header scrolled={!fresh && scrolled} />
      {fresh ? (
        <div class="ck-start" part="start-screen">
          <div class="ck-column">
            <Greeting />
          </div>
        </div>
      ) : (
        <ThreadView onScrolled={onScrolled} />
      )}
      <div class="ck-foot">
        <div class="ck-column">
          {fresh ? <Prompts /> : null}
          <Input />
          <Disclaimer />
        </div>
      </div>
    </div>
  );
}

/** Keeps the composer above an on-screen keyboard that covers the page. */
function useKeyboardInset(box: { current: HTMLElement | null }): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!viewport) return undefined;
    const measure = (): void => {
      const element = box.current;
      if (!element) return;
      const covered = element.getBoundingClientRect().bottom - (viewport.offsetTop + viewport.height);
      const zoomed = Math.abs(viewport.scale - 1) > 0.01;
      element.style.setProperty("--ck-keyboard", `${zoomed || covered < 80 ? 0 : Math.round(covered)}px`);
    };
    viewport.addEventListener("resize", measure);
    viewport.addEventListener("scroll", measure);
    return () => {
      viewport.removeEventListener("resize", measure);
      viewport.removeEventListener("scroll", measure);
    };
  }, [box]);
}

/** The whole surface of the element. */
export function ChatView(): VNode {
  const chat = useChat();
  const language = useLanguage();
  const title = useOption((options) => options.frameTitle);
  const layout = useOption((options) => options.layout);
  const problem = useOption((options) => options.problem);
  const history = useSlice((state) => state.view === "history");
  const box = useRef<HTMLDivElement>(null);
  const [picture, setPicture] = useState<{ url: string; alt: string } | null>(null);
  const openPicture = useCallback((url: string, alt: string) => setPicture({ url, alt }), []);
  useKeyboardInset(box);
  adopt(chat.root, ...viewStyles);
  const surface = (
    <div
      ref={box}
      class="ck ck-view"
      part="view"
      role="region"
      aria-label={title ?? language.t("chat.label")}
      dir={language.dir}
      lang={language.locale}
      data-layout={layout}
    >
      {problem !== null ? (
        <Problem text={problem} />
      ) : (
        <Surroundings onImage={openPicture}>
          <WidgetSurroundings>
            {/* The chat stays alive below the history: draft, scroll and streams go on. */}
            <div class="ck-layer" {...(history ? { inert: true } : {})}>
              <Chat />
            </div>
            {history ? <HistoryView /> : null}
            <Toasts />
            <DropTarget within={box} />
            {picture ? <Lightbox {...picture} close={() => setPicture(null)} /> : null}
          </WidgetSurroundings>
        </Surroundings>
      )}
    </div>
  );
  const launched = layout === "popup" || layout === "side-panel";
  return (
    <RootContext.Provider value={chat.root}>
      <I18nContext.Provider value={language}>
        {launched ? <Launcher panel={layout === "side-panel"}>{surface}</Launcher> : surface}
      </I18nContext.Provider>
    </RootContext.Provider>
  );
}
