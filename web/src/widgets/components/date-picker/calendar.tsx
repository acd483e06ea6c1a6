import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { IconButton, type Placement, Popover, useStyles } from "../../../base/index.ts";
import css from "./calendar.css?inline";
import {
  addDays,
  addMonths,
  compare,
  type Day,
  firstDayOfWeek,
  format,
  parse,
  toDate,
  today,
  weeksOf,
} from "./dates.ts";

export interface CalendarProps {
  readonly id: string;
  readonly label: string;
  readonly anchor: () => HTMLElement | null;
  readonly placement: Placement;
  readonly locale: string;
  readonly value: Day | undefined;
  readonly min: Day | undefined;
  readonly max: Day | undefined;
  readonly words: { readonly previous: string; readonly next: string; readonly today: string };
  readonly onChoose: (day: Day) => void;
  readonly onClose: () => void;
}

const KEYS: Readonly<Record<string, (day: Day, week: number) => Day>> = {
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
  Home: (day, first) => addDays(day, -((toDate(day).getUTCDay() - first + 7) % 7)),
  End: (day, first) => addDays(day, 6 - ((toDate(day).getUTCDay() - first + 7) % 7)),
};

/** Where a key leads; left and right follow the direction of the script, Shift turns months into years. */
function moved(event: KeyboardEvent, day: Day, first: number, rtl: boolean): Day | undefined {
  if (event.shiftKey && event.key === "PageUp") return addMonths(day, -12);
  if (event.shiftKey && event.key === "PageDown") return addMonths(day, 12);
  if (event.key === "ArrowLeft") return addDays(day, rtl ? 1 : -1);
  if (event.key === "ArrowRight") return addDays(day, rtl ? -1 : 1);
  return KEYS[event.key]?.(day, first);
}

function clamp(day: Day, { min, max }: CalendarProps): Day {
  if (min && compare(day, min) < 0) return min;
  return max && compare(day, max) > 0 ? max : day;
}

const outside = (day: Day, { min, max }: CalendarProps): boolean =>
  Boolean((min && compare(day, min) < 0) || (max && compare(day, max) > 0));

function DayButton({
  day,
  props,
  month,
  focused,
}: {
  day: Day;
  props: CalendarProps;
  month: Day;
  focused: boolean;
}): JSX.Element {
  const chosen = props.value !== undefined && compare(day, props.value) === 0;
  const full = new Intl.DateTimeFormat(props.locale, { dateStyle: "full", timeZone: "UTC" }).format(
    toDate(day),
  );
  return (
    // biome-ignore lint/a11y: a cell of the ARIA date grid; its button has the focus
    <td role="gridcell" aria-selected={chosen}>
      <button
        type="button"
        class="w-day"
        data-day={format(day)}
        data-chosen={chosen || undefined}
        data-today={compare(day, today()) === 0 || undefined}
        data-other={day.month !== month.month || undefined}
        data-autofocus={focused || undefined}
        disabled={outside(day, props)}
        tabIndex={focused ? 0 : -1}
        aria-label={full}
        aria-current={compare(day, today()) === 0 ? "date" : undefined}
        onClick={() => props.onChoose(day)}
      >
        {new Intl.NumberFormat(props.locale, { useGrouping: false }).format(day.day)}
      </button>
    </td>
  );
}

function Month({
  props,
  focused,
  setFocused,
}: {
  props: CalendarProps;
  focused: Day;
  setFocused: (day: Day) => void;
}): JSX.Element {
  const grid = useRef<HTMLTableElement>(null);
  const moving = useRef(false);
  const first = firstDayOfWeek(props.locale);
  const weeks = weeksOf(focused, first);
  // At once: an effect of an earlier drawing that ran only after the next key would take that key's move for its own.
  useLayoutEffect(() => {
    if (!moving.current) return;
    moving.current = false;
    grid.current?.querySelector<HTMLElement>(`[data-day="${format(focused)}"]`)?.focus();
  }, [focused]);
  const names = (style: "narrow" | "long") =>
    new Intl.DateTimeFormat(props.locale, { weekday: style, timeZone: "UTC" });
  const heads = weeks[0] ?? [];
  return (
    <table
      ref={grid}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the date grid of the ARIA patterns is a table
      role="grid"
      class="w-month"
      aria-label={props.label}
      onKeyDown={(event) => {
        const rtl = grid.current !== null && getComputedStyle(grid.current).direction === "rtl";
        // From the day that has the focus, which a screen reader may have put elsewhere.
        const from = parse((event.target as HTMLElement).dataset?.day) ?? focused;
        const next = moved(event, from, first, rtl);
        if (!next) return;
        event.preventDefault();
        moving.current = true;
        setFocused(clamp(next, props));
      }}
    >
      <thead>
        <tr>
          {heads.map((day) => (
            <th key={format(day)} scope="col" abbr={names("long").format(toDate(day))}>
              {names("narrow").format(toDate(day))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={format(week[0] ?? focused)}>
            {week.map((day) => (
              <DayButton
                key={format(day)}
                day={day}
                props={props}
                month={focused}
                focused={compare(day, focused) === 0}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A month to pick a day from, with the whole keyboard of the ARIA date grid. */
export function Calendar(props: CalendarProps): JSX.Element {
  useStyles(css);
  const [focused, setFocused] = useState(() => clamp(props.value ?? today(), props));
  const title = new Intl.DateTimeFormat(props.locale, { month: "long", year: "numeric", timeZone: "UTC" });
  const turn = (months: number): void => setFocused(clamp(addMonths(focused, months), props));
  const firstOfMonth = { ...focused, day: 1 };
  const [before, after] = [addDays(firstOfMonth, -1), addMonths(firstOfMonth, 1)];
  return (
    <Popover
      open
      anchor={props.anchor}
      onClose={props.onClose}
      placement={props.placement}
      role="dialog"
      label={props.label}
      id={props.id}
      class="w-calendar"
    >
      <div class="w-calendar-head">
        <IconButton
          icon="chevron-left"
          label={props.words.previous}
          size="sm"
          tooltip={false}
          class="w-turn"
          disabled={outside(before, props)}
          onClick={() => turn(-1)}
        />
        <div aria-live="polite">{title.format(toDate(focused))}</div>
        <IconButton
          icon="chevron-right"
          label={props.words.next}
          size="sm"
          tooltip={false}
          class="w-turn"
          disabled={outside(after, props)}
          onClick={() => turn(1)}
        />
      </div>
      <Month props={props} focused={focused} setFocused={setFocused} />
    </Popover>
  );
}
