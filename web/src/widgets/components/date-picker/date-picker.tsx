import type { JSX } from "preact";
import { Icon } from "../../../icons/index.tsx";
import { chunk, Lazy } from "../../lazy.tsx";
import type { WidgetNode } from "../../node.ts";
import { flag, oneOf, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { named } from "../element.ts";
import { FieldError } from "../form/field-error.tsx";
import { usePicker } from "../select/picker.ts";
import { PickerButton } from "../select/picker-button.tsx";
import type { CalendarProps } from "./calendar.tsx";
import { format, parse, toDate } from "./dates.ts";

const calendar = chunk<CalendarProps>(() => import("./calendar.tsx").then((module) => module.Calendar));

const isDay = (value: unknown): value is string | null => value === null || parse(value) !== undefined;

function placement(node: WidgetNode): CalendarProps["placement"] {
  const side = oneOf(node.props, "side", ["top", "bottom", "left", "right"]) ?? "bottom";
  const align = oneOf(node.props, "align", ["start", "center", "end"]) ?? "center";
  return align === "center" ? side : `${side}-${align}`;
}

/** Picks a day; sends `YYYY-MM-DD`, or null when cleared. */
export function DatePicker({ node }: { node: WidgetNode }): JSX.Element {
  const { props } = node;
  const { t, host } = useScope();
  const locale = host.locale.value;
  const given = parse(props.defaultValue);
  const picker = usePicker(node, { initial: given ? format(given) : null, accepts: isDay });
  const { id, name, open, anchor, change } = picker;
  const chosen = parse(picker.value);
  const shown =
    chosen &&
    new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(toDate(chosen));
  const placeholder = text(props, "placeholder") ?? t("widget.select_date");
  return (
    <div {...named("date")} data-block={flag(props, "block") || undefined}>
      <PickerButton
        {...picker.attributes}
        name={name}
        popup="dialog"
        value={shown}
        placeholder={placeholder}
        icon={<Icon name="calendar" size={16} />}
        onPrefetch={calendar.prefetch}
      />
      {open ? (
        <Lazy
          of={calendar}
          props={{
            id,
            label: placeholder,
            anchor,
            placement: placement(node),
            locale,
            value: chosen,
            min: parse(props.min),
            max: parse(props.max),
            words: {
              previous: t("widget.previous_month"),
              next: t("widget.next_month"),
              today: t("widget.today"),
            },
            onChoose: (day) => change(format(day)),
            onClose: picker.close,
          }}
        />
      ) : null}
      <FieldError id={`${id}-error`} message={picker.error} />
    </div>
  );
}
