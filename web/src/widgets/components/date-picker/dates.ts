/** Calendar days as `YYYY-MM-DD`; no time zones, no times. */

export interface Day {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly day: number;
}

const pad = (value: number, width: number): string => String(value).padStart(width, "0");

export const format = ({ year, month, day }: Day): string =>
  `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;

/** Reads the date at the beginning of an ISO date or datetime, as written, whatever its zone. */
export function parse(value: unknown): Day | undefined {
  const match = typeof value === "string" ? /^(\d{4})-(\d{2})-(\d{2})(?=$|[T ])/.exec(value.trim()) : null;
  if (!match) return undefined;
  const day = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return format(fromDate(toDate(day))) === format(day) ? day : undefined;
}

/** At noon UTC, so that no zone can shift the day. */
export const toDate = ({ year, month, day }: Day): Date => new Date(Date.UTC(year, month - 1, day, 12));

export const fromDate = (date: Date): Day => ({
  year: date.getUTCFullYear(),
  month: date.getUTCMonth() + 1,
  day: date.getUTCDate(),
});

export const addDays = (day: Day, count: number): Day =>
  fromDate(new Date(toDate(day).getTime() + count * 86_400_000));

/** The same day some months on; the last of the month where there is no such day. */
export function addMonths({ year, month, day }: Day, count: number): Day {
  const months = year * 12 + (month - 1) + count;
  const [y, m] = [Math.floor(months / 12), (((months % 12) + 12) % 12) + 1];
  const last = new Date(Date.UTC(y, m, 0)).getUTCDate();
  return { year: y, month: m, day: Math.min(day, last) };
}

export const compare = (a: Day, b: Day): number => toDate(a).getTime() - toDate(b).getTime();

/** 0 = Sunday … 6 = Saturday: the day a week begins with in this locale. */
export function firstDayOfWeek(locale: string): number {
  try {
    const info = new Intl.Locale(locale) as Intl.Locale & {
      getWeekInfo?: () => { firstDay: number };
      weekInfo?: { firstDay: number };
    };
    return ((info.getWeekInfo?.() ?? info.weekInfo)?.firstDay ?? 1) % 7;
  } catch {
    return 1;
  }
}

/** Six weeks that show this month. */
export function weeksOf(month: Day, firstDay: number): readonly (readonly Day[])[] {
  const first = { ...month, day: 1 };
  const lead = (toDate(first).getUTCDay() - firstDay + 7) % 7;
  return Array.from({ length: 6 }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => addDays(first, week * 7 + day - lead)),
  );
}

/** Today where the person is. */
export function today(): Day {
  const now = new Date();
  return { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() };
}
