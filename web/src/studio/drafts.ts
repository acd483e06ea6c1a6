import type { WidgetDocument } from "./api.ts";
import type { Source } from "./draft.ts";

/** Unsaved work, kept in this browser until it is saved or thrown away. */
export interface Autosaved {
  readonly key: string;
  readonly path: string | null;
  /** Of the file that was changed. */
  readonly revision: string | null;
  readonly source: Source;
  readonly document: WidgetDocument | null;
  readonly at: number;
}

const PREFIX = "chatkit-studio.draft.";

let scope = "";

/** Drafts of one folder never show up in another. */
export function scopeDrafts(folder: string): void {
  scope = `${folder}\n`;
}

const place = (key: string): string => PREFIX + scope + key;

/** False when the browser had no room, so that somebody can be told. */
export function keepDraft(draft: Autosaved): boolean {
  try {
    localStorage.setItem(place(draft.key), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(key: string): void {
  try {
    localStorage.removeItem(place(key));
  } catch {
    // Nothing was kept either.
  }
}

function isDraft(value: unknown): value is Autosaved {
  if (typeof value !== "object" || value === null) return false;
  const { key, source } = value as Partial<Autosaved>;
  return (
    typeof key === "string" &&
    typeof source?.view === "string" &&
    typeof source.schema === "string" &&
    Array.isArray(source.states) &&
    source.states.length > 0
  );
}

function readDraft(name: string): Autosaved | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? "null");
    return isDraft(value) ? value : null;
  } catch {
    return null;
  }
}

export const draftOf = (key: string): Autosaved | null => readDraft(place(key));

/** All drafts of this folder, newest first. */
export function allDrafts(): readonly Autosaved[] {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX + scope))
      .flatMap((name) => readDraft(name) ?? [])
      .sort((a, b) => b.at - a.at);
  } catch {
    return [];
  }
}
