import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, IconButton } from "../base/button.tsx";
import { composing } from "../base/composing.ts";
import { Dialog } from "../base/dialog.tsx";
import { Menu, type MenuItem } from "../base/menu.tsx";
import { type I18n, useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import type { ThreadMetadata } from "../protocol/types.ts";
import { useChat } from "./context.ts";
import { describeError } from "./errors_text.ts";
import { groupByDate, touchedAt } from "./history_groups.ts";
import { useOption, useSlice } from "./slice.ts";

function shortDate(thread: ThreadMetadata, i18n: I18n): string {
  const date = touchedAt(thread);
  if (!date) return "";
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return i18n.date(date, { timeStyle: "short" });
  const sameYear = date.getFullYear() === now.getFullYear();
  return i18n.date(date, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}

function RenameField({ thread, close }: { thread: ThreadMetadata; close: () => void }): VNode {
  const { session } = useChat();
  const { t } = useI18n();
  const [title, setTitle] = useState(thread.title ?? "");
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const save = (): void => {
    if (done.current) return;
    done.current = true;
    close();
    const wanted = title.trim();
    if (wanted !== "" && wanted !== thread.title)
      session.renameThread(thread.id, wanted).catch(() => undefined);
  };
  return (
    <input
      ref={field}
      class="ck-rename"
      type="text"
      dir="auto"
      aria-label={t("history.rename_label")}
      value={title}
      onInput={(event) => setTitle(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (composing(event)) return;
        if (event.key === "Enter") save();
        if (event.key === "Escape") {
          event.preventDefault();
          event.stopPropagation();
          done.current = true;
          close();
        }
      }}
    />
  );
}

function RowMenu(props: {
  thread: ThreadMetadata;
  title: string;
  rename: () => void;
  remove: () => void;
}): VNode | null {
  const { t } = useI18n();
  const { showDelete, showRename } = useOption((options) => options.history);
  const items: MenuItem[] = [];
  if (showRename)
    items.push({ id: "rename", label: t("history.rename"), icon: "edit-pencil", onSelect: props.rename });
  if (showDelete)
    items.push({
      id: "delete",
      label: t("history.delete"),
      icon: "trash",
      danger: true,
      onSelect: props.remove,
    });
  if (items.length === 0) return null;
  const label = t("history.options", { title: props.title });
  return (
    <Menu
      label={label}
      items={items}
      placement="bottom-end"
      trigger={(trigger) => (
        <IconButton
          icon="dots-horizontal"
          size="sm"
          iconSize="md"
          tooltip={false}
          label={label}
          class="ck-row-menu"
          {...trigger}
        />
      )}
    />
  );
}

function Row({
  thread,
  remove,
}: {
  thread: ThreadMetadata;
  remove: (thread: ThreadMetadata) => void;
}): VNode {
  const { session } = useChat();
  const i18n = useI18n();
  const current = useSlice((state) => state.thread.id === thread.id);
  const [renaming, setRenaming] = useState(false);
  const title = thread.title || i18n.t("history.untitled");
  const open = (): void => {
    session.closeHistory();
    if (!current) session.openThread(thread.id).catch(() => undefined);
  };
  return (
    <li class="ck-history-row" part="history-row" data-current={current || undefined}>
      {renaming ? (
        <RenameField thread={thread} close={() => setRenaming(false)} />
      ) : (
        <>
          <button
            type="button"
            class="ck-history-open"
            aria-current={current ? "true" : undefined}
            onClick={open}
          >
            <span class="ck-history-title" dir="auto">
              {title}
            </span>
            <span class="ck-history-date">{shortDate(thread, i18n)}</span>
          </button>
          <RowMenu
            thread={thread}
            title={title}
            rename={() => setRenaming(true)}
            remove={() => remove(thread)}
          />
        </>
      )}
    </li>
  );
}

function DeleteDialog({ thread, close }: { thread: ThreadMetadata; close: () => void }): VNode {
  const { session } = useChat();
  const { t } = useI18n();
  const remove = (): void => {
    close();
    session.deleteThread(thread.id).catch(() => undefined);
  };
  return (
    <Dialog open label={t("history.delete_title")} onClose={close} class="ck-confirm">
      <h2>{t("history.delete_title")}</h2>
      <p dir="auto">{t("history.delete_text", { title: thread.title || t("history.untitled") })}</p>
      <div class="ck-row-end">
        <Button variant="outline" size="lg" pill onClick={close}>
          {t("action.cancel")}
        </Button>
        <Button tone="danger" size="lg" pill onClick={remove}>
          {t("history.delete")}
        </Button>
      </div>
    </Dialog>
  );
}

function Search(): VNode {
  const { session } = useChat();
  const { t } = useI18n();
  const [query, setQuery] = useState(session.state.peek().history.query);
  useEffect(() => {
    if (query === session.state.peek().history.query) return undefined;
    const timer = setTimeout(() => void session.searchThreads(query), 200);
    return () => clearTimeout(timer);
  }, [query, session]);
  return (
    <div class="ck-history-search">
      <Icon name="search" size={16} />
      <input
        type="search"
        dir={query === "" ? undefined : "auto"}
        placeholder={t("history.search")}
        aria-label={t("history.search")}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && query !== "") {
            event.stopPropagation();
            event.preventDefault();
            setQuery("");
          }
        }}
      />
    </div>
  );
}

/** Asks for the next page when the end of the list comes near. */
function More(): VNode {
  const { session } = useChat();
  const { t } = useI18n();
  const mark = useRef<HTMLDivElement>(null);
  const count = useSlice((state) => state.history.threads.length);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each page the mark is looked at again
  useEffect(() => {
    const element = mark.current;
    if (!element) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) void session.loadMoreThreads();
      },
      { rootMargin: "300px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [count, session]);
  return (
    <div ref={mark} class="ck-history-more" role="status">
      <span class="ck-hidden">{t("history.loading")}</span>
      <span class="ck-row-skeleton" />
    </div>
  );
}

function Listing({ remove }: { remove: (thread: ThreadMetadata) => void }): VNode {
  const { session } = useChat();
  const i18n = useI18n();
  const { t } = i18n;
  const history = useSlice((state) => state.history);
  if (history.phase === "failed" && history.threads.length === 0) {
    return (
      <div class="ck-load-failed" role="alert">
        <Icon name="warning" size={24} />
        <p>{t("history.failed")}</p>
        <p class="ck-error-detail">{describeError(i18n, history.error)}</p>
        <Button
          variant="outline"
          pill
          size="lg"
          iconStart="reload"
          onClick={() => void session.searchThreads(history.query)}
        >
          {t("action.try_again")}
        </Button>
      </div>
    );
  }
  if (history.phase === "loading" && history.threads.length === 0) {
    return (
      <div role="status" aria-busy="true">
        <span class="ck-hidden">{t("history.loading")}</span>
        {Array.from({ length: 7 }, (_, index) => (
          <span key={index} class="ck-row-skeleton" />
        ))}
      </div>
    );
  }
  if (history.threads.length === 0) {
    const text = history.query ? t("history.no_match", { query: history.query }) : t("history.empty");
    return (
      <div class="ck-history-empty" role="status">
        <Icon name={history.query ? "search" : "history"} size={28} />
        <p>{text}</p>
      </div>
    );
  }
  return (
    <>
      {groupByDate(history.threads, new Date()).map((run) => (
        <section key={run.threads[0]?.id} aria-label={t(`history.${run.group}`)}>
          <h3 class="ck-history-group">{t(`history.${run.group}`)}</h3>
          <ul>
            {run.threads.map((thread) => (
              <Row key={thread.id} thread={thread} remove={remove} />
            ))}
          </ul>
        </section>
      ))}
      {history.hasMore ? <More /> : null}
    </>
  );
}

/** All conversations, in place of the chat. */
export function HistoryView(): VNode {
  const { session } = useChat();
  const { t } = useI18n();
  const [removing, setRemoving] = useState<ThreadMetadata | null>(null);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
  }, []);
  const fresh = (): void => {
    session.closeHistory();
    void session.openThread(null);
  };
  return (
    <section
      ref={panel}
      class="ck-history"
      part="history"
      aria-label={t("history.title")}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) session.closeHistory();
      }}
    >
      <header class="ck-header" part="header">
        <div class="ck-header-side">
          <IconButton icon="back-large" label={t("history.back")} onClick={() => session.closeHistory()} />
        </div>
        <h2 class="ck-header-title">{t("history.title")}</h2>
        <div class="ck-header-side">
          <IconButton icon="compose" label={t("header.new")} onClick={fresh} />
        </div>
      </header>
      <div class="ck-history-scroll">
        <div class="ck-column">
          <Search />
          <Listing remove={setRemoving} />
        </div>
      </div>
      {removing ? <DeleteDialog thread={removing} close={() => setRemoving(null)} /> : null}
    </section>
  );
}
