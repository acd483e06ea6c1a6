import type { ThreadMetadata } from "../protocol/types.ts";

export type DateGroup = "today" | "yesterday" | "week" | "month" | "older";

const DAY = 86_400_000;

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** When a thread was last touched; a time that cannot be read is `null`. A time without zone is taken as UTC. */
export function touchedAt(thread: ThreadMetadata): Date | null {
  const text = thread.updated_at ?? thread.created_at;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) || !/T/.test(text) ? text : `${text}Z`;
  const date = new Date(zoned);
  return Number.isNaN(date.getTime()) ? null : date;
}

export function dateGroup(date: Date | null, now: Date): DateGroup {
  if (!date) return "older";
  const days = Math.round((startOfDay(now) - startOfDay(date)) / DAY);
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  if (days <= 7) return "week";
  return days <= 30 ? "month" : "older";
}

/** Runs of threads of one date group, in the order the server gave: times are never used to sort. */
export function groupByDate(
  threads: readonly ThreadMetadata[],
  now: Date,
): readonly { group: DateGroup; threads: readonly ThreadMetadata[] }[] {
  const runs: { group: DateGroup; threads: ThreadMetadata[] }[] = [];
  for (const thread of threads) {
    const group = dateGroup(touchedAt(thread), now);
    const last = runs.at(-1);
    if (last?.group === group) last.threads.push(thread);
    else runs.push({ group, threads: [thread] });
  }
  return runs;
}
