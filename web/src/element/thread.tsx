import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, IconButton } from "../base/button.tsx";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import { useChat } from "./context.ts";
import { describeError } from "./errors_text.ts";
import { ErrorBlock, NoticeBox, ProgressLine, Waiting } from "./notices.tsx";
import { QuoteButton } from "./quote.tsx";
import { useThreadScroll } from "./scroll.ts";
import { useOption, useSlice } from "./slice.ts";
import { TurnSlot } from "./turn_slot.tsx";
import { copyText, groupTurns, isShown, type Turn } from "./turns.ts";

/** So many of the newest turns are drawn at once; earlier ones when they come near the window. */
const EAGER = 40;

function useTurns(): readonly Turn[] {
  const items = useSlice((state) => state.thread.items);
  const marks = useSlice((state) => state.thread.marks);
  const before = useRef<readonly Turn[]>([]);
  before.current = groupTurns(items, marks, before.current);
  return before.current;
}

/** The turn a person just began by sending, for as long as it is the last one. */
function useFreshKey(turns: readonly Turn[]): string | undefined {
  const fresh = useRef<string>(undefined);
  const last = turns.at(-1);
  const mark = last?.user ? last.marks[last.user.id] : undefined;
  if (mark?.sending && last) fresh.current = last.key;
  return fresh.current === last?.key ? fresh.current : undefined;
}

/** Speaks one sentence for each finished answer: the words of the answer, once. */
function Announcer({ turns, running }: { turns: readonly Turn[]; running: boolean }): VNode {
  const [said, setSaid] = useState("");
  const was = useRef(running);
  useEffect(() => {
    if (was.current && !running) setSaid(turns.at(-1)?.groups.map(copyText).join("\n\n") ?? "");
    if (!was.current && running) setSaid("");
    was.current = running;
  }, [running, turns]);
  return (
    <div class="ck-hidden" role="status" aria-live="polite" data-announcer>
      {said}
    </div>
  );
}

function OlderMessages(): VNode | null {
  const { session } = useChat();
  const { t } = useI18n();
  const older = useSlice((state) => state.thread.older);
  if (older.phase === "failed") {
    return (
      <div class="ck-older" role="alert">
        <span>{t("thread.older_failed")}</span>
        <Button variant="outline" size="sm" pill onClick={() => void session.loadOlder()}>
          {t("action.try_again")}
        </Button>
      </div>
    );
  }
  return older.hasMore ? (
    <div class="ck-older" aria-busy="true">
      <Skeleton lines={2} />
    </div>
  ) : null;
}

function Skeleton({ lines }: { lines: number }): VNode {
  return (
    <div class="ck-skeleton" aria-hidden="true">
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}

/** While a thread loads, and when it could not be loaded. */
export function ThreadLoading(): VNode {
  const { session } = useChat();
  const i18n = useI18n();
  const load = useSlice((state) => state.thread.load);
  if (load.phase === "failed") {
    return (
      <div class="ck-load-failed" role="alert">
        <Icon name="warning" size={24} />
        <p>{i18n.t("thread.load_failed")}</p>
        <p class="ck-error-detail">{describeError(i18n, load.error)}</p>
        <Button
          variant="outline"
          pill
          size="lg"
          iconStart="reload"
          onClick={() => session.reloadThread().catch(() => undefined)}
        >
          {i18n.t("action.try_again")}
        </Button>
      </div>
    );
  }
  return (
    <div class="ck-loading" role="status" aria-busy="true">
      <span class="ck-hidden">{i18n.t("thread.loading")}</span>
      {[1, 3, 1, 4].map((lines, index) => (
        <div key={index} class={index % 2 === 0 ? "ck-skeleton-user" : "ck-skeleton-answer"}>
          <Skeleton lines={lines} />
        </div>
      ))}
    </div>
  );
}

function Tail({ turns }: { turns: readonly Turn[] }): VNode {
  const phase = useSlice((state) => state.turn.phase);
  const progress = useSlice((state) => state.thread.progress);
  const notices = useSlice((state) => state.thread.notices);
  const failure = useSlice((state) => state.thread.error);
  const answered = turns.at(-1)?.groups.some((group) => group.some(isShown)) ?? false;
  const waiting = phase === "waiting" || phase === "tool" || (phase !== "idle" && !answered);
  return (
    <div class="ck-tail">
      {progress ? <ProgressLine progress={progress} /> : waiting ? <Waiting /> : null}
      {notices.map((notice) => (
        <NoticeBox key={notice.id} notice={notice} />
      ))}
      {failure ? <ErrorBlock failure={failure} /> : null}
    </div>
  );
}

function useOlderLoader(): () => void {
  const { session } = useChat();
  return () => {
    const { older, load } = session.state.peek().thread;
    if (older.hasMore && older.phase === "idle" && load.phase === "idle") void session.loadOlder();
  };
}

/**
 * A slot for each turn. One that is not the last and has not changed keeps its node, which is not looked at again: an answer
 * that is written costs the same in a long thread as in a short one.
 */
function useSlots(turns: readonly Turn[], fresh: string | undefined, running: boolean): VNode[] {
  const known = useRef(new WeakMap<Turn, VNode>());
  return turns.map((turn, index) => {
    const last = index === turns.length - 1;
    const settled = !last && turn.key !== fresh;
    const before = settled ? known.current.get(turn) : undefined;
    if (before) return before;
    const slot = (
      <TurnSlot
        key={turn.key}
        turn={turn}
        fresh={turn.key === fresh}
        eager={turns.length - index <= EAGER}
        last={last}
        running={last && running}
        tail={last ? <Tail turns={turns} /> : null}
      />
    );
    if (settled) known.current.set(turn, slot);
    return slot;
  });
}

/** The conversation. `onScrolled` tells the header whether anything lies above. */
export function ThreadView({ onScrolled }: { onScrolled: (scrolled: boolean) => void }): VNode {
  const { t } = useI18n();
  const turns = useTurns();
  const threadId = useSlice((state) => state.thread.id);
  const running = useSlice((state) => state.turn.phase !== "idle");
  const loading = useSlice((state) => state.thread.load.phase !== "idle" && state.thread.items.length === 0);
  const follow = useOption((options) => options.thread.autoScroll);
  const page = useOption((options) => options.layout === "document");
  const box = useRef<HTMLDivElement>(null);
  const fresh = useFreshKey(turns);
  const slots = useSlots(turns, fresh, running);
  // A thread that gets its id while its first message is on the way stays the same view.
  const opened = useRef({ id: threadId, first: turns[0]?.key });
  if (opened.current.first !== turns[0]?.key && opened.current.id !== threadId) {
    opened.current = { id: threadId, first: turns[0]?.key };
  }
  const scroll = useThreadScroll({
    box,
    page,
    firstKey: turns[0]?.key,
    freshKey: fresh,
    threadKey: `${opened.current.id}:${loading}`,
    follow,
    onEarly: useOlderLoader(),
  });
  useEffect(() => onScrolled(scroll.scrolled), [scroll.scrolled, onScrolled]);
  return (
    <div class="ck-thread-wrap">
      <div ref={box} class="ck-thread" part="thread">
        <div
          class="ck-column ck-turns"
          role="log"
          aria-live="off"
          aria-label={t("thread.log")}
          aria-busy={running}
        >
          {loading ? <ThreadLoading /> : <OlderMessages />}
          {slots}
          {turns.length === 0 && !loading ? <Tail turns={turns} /> : null}
        </div>
      </div>
      <QuoteButton within={box} />
      <div class="ck-to-end" data-shown={scroll.away || undefined}>
        <IconButton
          icon="arrow-down"
          class="ck-to-end-button"
          style={{ borderRadius: "50%" }}
          size="md"
          label={t("thread.to_end")}
          tooltip={false}
          tabIndex={scroll.away ? 0 : -1}
          aria-hidden={!scroll.away}
          onClick={() => scroll.toEnd()}
        />
      </div>
      <Announcer turns={turns} running={running} />
    </div>
  );
}
