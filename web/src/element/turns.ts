import type { ItemMark } from "../core/state.ts";
import type { ThreadItem, UserMessageItem } from "../protocol/types.ts";

/** What one person said and everything that answered it. */
export interface Turn {
  readonly key: string;
  readonly user: UserMessageItem | null;
  /** Groups of answering items; each ends with its own row of actions. */
  readonly groups: readonly (readonly ThreadItem[])[];
  /** What is known about these items beyond the wire, by id. */
  readonly marks: Readonly<Record<string, ItemMark>>;
}

interface Draft {
  key: string;
  user: UserMessageItem | null;
  groups: ThreadItem[][];
  marks: Record<string, ItemMark>;
}

type Marks = Readonly<Record<string, ItemMark>>;

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

function sameMarks(a: Marks, b: Marks): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function sameTurn(a: Turn, b: Draft): boolean {
  return (
    a.key === b.key &&
    a.user === b.user &&
    sameMarks(a.marks, b.marks) &&
    a.groups.length === b.groups.length &&
    a.groups.every((group, index) => sameList(group, b.groups[index] ?? []))
  );
}

function addItem(turn: Draft, item: ThreadItem, mark: ItemMark | undefined): void {
  if (item.type === "end_of_turn") {
    if (turn.groups.at(-1)?.length) turn.groups.push([]);
    return;
  }
  turn.groups.at(-1)?.push(item);
  if (mark) turn.marks[item.id] = mark;
}

function draftTurns(items: readonly ThreadItem[], marks: Marks): Draft[] {
  const turns: Draft[] = [];
  for (const item of items) {
    const mark = marks[item.id];
    if (item.type === "user_message") {
      const own = mark ? { [item.id]: mark } : {};
      turns.push({ key: mark?.key ?? item.id, user: item, groups: [[]], marks: own });
      continue;
    }
    if (turns.length === 0) turns.push({ key: `before:${item.id}`, user: null, groups: [[]], marks: {} });
    const turn = turns.at(-1);
    if (turn) addItem(turn, item, mark);
  }
  return turns;
}

/** Items as turns. A turn whose items are the same objects as before is the same object as before. */
export function groupTurns(
  items: readonly ThreadItem[],
  marks: Marks,
  before: readonly Turn[] = [],
): readonly Turn[] {
  const known = new Map(before.map((turn) => [turn.key, turn]));
  const turns = draftTurns(items, marks).map((draft): Turn => {
    const groups = draft.groups.filter((group) => group.length > 0);
    const old = known.get(draft.key);
    return old && sameTurn(old, { ...draft, groups }) ? old : { ...draft, groups };
  });
  return sameList(turns, before) ? before : turns;
}

/** The words of one item as they are copied; `""` when it has none. */
export function itemText(item: ThreadItem): string {
  if (item.type === "assistant_message") return item.content.map((part) => part.text).join("\n\n");
  if (item.type === "widget") return item.copy_text ?? "";
  if (item.type === "user_message") return item.content.map((part) => part.text).join("");
  return "";
}

/** What Copy puts on the clipboard for a group: Markdown of the messages and the copy text of widgets. */
export function copyText(group: readonly ThreadItem[]): string {
  return group
    .map(itemText)
    .filter((text) => text.trim() !== "")
    .join("\n\n");
}

/** Whether a person sees anything of an item. */
export function isShown(item: ThreadItem): boolean {
  if (item.type === "client_tool_call" || item.type === "end_of_turn") return false;
  if (item.type === "assistant_message") return item.content.some((part) => part.text !== "");
  // A question that waits for its answer stands in the composer's place.
  if (item.type === "structured_input") return item.status !== "pending";
  return true;
}
