import type { Command, Entity } from "@openai/chatkit";
import { useEffect, useRef, useState } from "preact/hooks";
import { composing } from "../base/composing.ts";
import { type I18n, useI18n } from "../i18n/index.ts";
import type { UserMessageTagContent } from "../protocol/types.ts";
import { useBuiltinCommands } from "./builtin_commands.ts";
import { type Chat, useChat } from "./context.ts";
import { replaceTrigger, type Trigger } from "./editor.ts";
import { useOption } from "./slice.ts";

/** One row of the menu above the field. */
export interface Suggestion {
  readonly id: string;
  readonly label: string;
  readonly description?: string | undefined;
  readonly icon?: string | undefined;
  readonly group?: string | undefined;
  readonly choose: () => void;
}

export interface Suggestions {
  readonly open: boolean;
  readonly mark: "@" | "/";
  readonly phase: "loading" | "ready";
  readonly rows: readonly Suggestion[];
  readonly active: number;
  setActive(index: number): void;
  /** The editor reports the word before its caret. */
  follow(trigger: Trigger | null): void;
  close(): void;
  /** True when the key was used by the menu. */
  key(event: KeyboardEvent): boolean;
}

/** How long typing must rest before the page is asked, in ms. */
const REST = 150;

/** A tag as it goes on the wire; `data` and `interactive` are required there. */
export function tagOfEntity(entity: Entity): UserMessageTagContent {
  return {
    type: "input_tag",
    id: entity.id,
    text: entity.title,
    data: { ...(entity.data ?? {}) },
    interactive: entity.interactive ?? false,
    ...(entity.group ? { group: entity.group } : {}),
  };
}

function report(chat: Chat, reason: unknown): void {
  chat.session.report(reason instanceof Error ? reason : new Error(String(reason)));
}

/** Asks the page after a pause; an answer that comes after another question is dropped. */
function useSearch<T>(
  search: ((query: string) => Promise<T[]>) | null,
  query: string | null,
): readonly T[] | null {
  const chat = useChat();
  const [answer, setAnswer] = useState<readonly T[] | null>(null);
  const first = useRef(true);
  useEffect(() => {
    if (query === null || !search) {
      setAnswer(null);
      first.current = true;
      return undefined;
    }
    let current = true;
    const ask = (): void => {
      Promise.resolve()
        .then(() => search(query))
        .then(
          (found) => current && setAnswer(Array.isArray(found) ? found : []),
          (reason: unknown) => {
            if (current) setAnswer([]);
            report(chat, reason);
          },
        );
    };
    const timer = setTimeout(ask, first.current ? 0 : REST);
    first.current = false;
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query, search, chat]);
  return answer;
}

function grouped(rows: readonly Suggestion[]): readonly Suggestion[] {
  const groups = new Map<string, Suggestion[]>();
  for (const row of rows) groups.set(row.group ?? "", [...(groups.get(row.group ?? "") ?? []), row]);
  return [...groups.values()].flat();
}

interface Place {
  field: () => HTMLElement | null;
  trigger: Trigger | null;
  close: () => void;
}

function useMentionRows(place: Place): readonly Suggestion[] | null {
  const search = useOption((options) => options.entities.onTagSearch);
  const query = place.trigger?.mark === "@" ? place.trigger.query : null;
  const found = useSearch(search, query);
  if (!found) return null;
  return grouped(
    found.map((entity) => ({
      id: entity.id,
      label: entity.title,
      icon: entity.icon ?? "at-sign",
      group: entity.group,
      choose: () => {
        const field = place.field();
        if (field && place.trigger) replaceTrigger(field, place.trigger, tagOfEntity(entity));
        place.close();
      },
    })),
  );
}

function matches(text: string, query: string): boolean {
  return text.toLowerCase().includes(query.toLowerCase());
}

function commandRow(command: Command, choose: () => void): Suggestion {
  const { id, label, description, icon, group } = command;
  return { id: `command:${id}`, label, description, icon, group, choose };
}

function backRow(i18n: I18n, choose: () => void): Suggestion {
  return { id: "back", label: i18n.t("command.back"), icon: "chevron-left", choose };
}

function useCommandRows(place: Place): readonly Suggestion[] | null {
  const chat = useChat();
  const i18n = useI18n();
  const options = useOption((all) => all.commands);
  const [menus, setMenus] = useState<readonly (readonly Command[])[]>([]);
  const query = options.enabled && place.trigger?.mark === "/" ? place.trigger.query : null;
  const found = useSearch(options.onSearch, menus.length > 0 ? null : query);
  const builtins = useBuiltinCommands();
  useEffect(() => {
    if (query === null) setMenus([]);
  }, [query]);
  if (query === null) return null;
  const finish = (tag: UserMessageTagContent | null): void => {
    const field = place.field();
    if (field && place.trigger) replaceTrigger(field, place.trigger, tag);
    place.close();
  };
  const choose = (command: Command): void => {
    Promise.resolve()
      .then(() => options.onSelect?.(command))
      .then(
        (outcome) => {
          if (outcome?.type === "menu") setMenus([...menus, outcome.commands]);
          else finish(outcome?.type === "entity" ? tagOfEntity(outcome.entity) : null);
        },
        (reason: unknown) => {
          report(chat, reason);
          finish(null);
        },
      );
  };
  const menu = menus.at(-1);
  if (menu) {
    const rows = menu.map((command) => commandRow(command, () => choose(command)));
    return [backRow(i18n, () => setMenus(menus.slice(0, -1))), ...grouped(rows)];
  }
  const own = builtins
    .filter((row) => matches(row.label, query))
    .map((row) => ({
      ...row,
      choose: () => {
        finish(null);
        row.choose();
      },
    }));
  if (options.onSearch && !found && own.length === 0) return null;
  return [...own, ...grouped((found ?? []).map((command) => commandRow(command, () => choose(command))))];
}

/** The menu of `@` mentions and `/` commands for the field. */
export function useSuggestions(field: () => HTMLElement | null): Suggestions {
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  const [active, setActive] = useState(0);
  const dismissed = useRef<string | null>(null);
  const mentions = useOption((options) => options.entities.onTagSearch !== null);
  const commands = useOption((options) => options.commands.enabled);
  const close = (): void => setTrigger(null);
  const place: Place = { field, trigger, close };
  const mentionRows = useMentionRows(place);
  const commandRows = useCommandRows(place);
  const mark = trigger?.mark ?? "@";
  const rows = (mark === "@" ? mentionRows : commandRows) ?? [];
  const phase = (mark === "@" ? mentionRows : commandRows) === null ? "loading" : "ready";
  const open = trigger !== null && (mark === "@" || phase === "loading" || rows.length > 0);
  const follow = (next: Trigger | null): void => {
    const wanted = next && (next.mark === "@" ? mentions : commands) ? next : null;
    if (!wanted) dismissed.current = null;
    const place = wanted ? `${wanted.mark}${wanted.start}` : null;
    if (place !== null && place === dismissed.current) return;
    if (wanted?.query !== trigger?.query) setActive(0);
    setTrigger(wanted);
  };
  const at = Math.min(active, Math.max(0, rows.length - 1));
  const step = (by: number): boolean => {
    if (rows.length > 0) setActive((at + by + rows.length) % rows.length);
    return true;
  };
  const dismiss = (): boolean => {
    dismissed.current = trigger ? `${trigger.mark}${trigger.start}` : null;
    close();
    return true;
  };
  const choose = (): boolean => {
    rows[at]?.choose();
    return rows[at] !== undefined || phase === "loading";
  };
  const key = (event: KeyboardEvent): boolean => {
    if (!open || composing(event)) return false;
    if (event.key === "ArrowDown") return step(1);
    if (event.key === "ArrowUp") return step(-1);
    if (event.key === "Escape") return dismiss();
    return event.key === "Enter" || event.key === "Tab" ? choose() : false;
  };
  return { open, mark, phase, rows, active: at, setActive, follow, close, key };
}
