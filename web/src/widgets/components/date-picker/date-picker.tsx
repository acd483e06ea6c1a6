import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { Icon } from "../../../icons/index.tsx";
import { useAction } from "../../action.ts";
import { useField } from "../../form.ts";
import { chunk, Lazy } from "../../lazy.tsx";
import type { WidgetNode } from "../../node.ts";
import { action, flag, oneOf, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { CONTROL_SIZES } from "../button/button.tsx";
import { named } from "../element.ts";
import { FieldError } from "../form/field-error.tsx";
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
  const scope = useScope();
  const locale = scope.host.locale.value;
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const name = text(props, "name");
  const disabled = flag(props, "disabled") === true;
  const raised = useAction(node);
  const given = parse(props.defaultValue);
  const { value, set, element, error, label } = useField<string | null>(node, {
    name,
    initial: given ? format(given) : null,
    accepts: isDay,
    disabled,
  });
  const chosen = parse(value);
  const change = (next: string | null): void => {
    setOpen(false);
    button.current?.focus();
    if (next === value) return;
    set(next);
    raised.raise(
      action(props, "onChangeAction"),
      "DatePicker.onChangeAction",
      name === undefined ? {} : { [name]: next },
    );
  };
  const shown =
    chosen &&
    new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(toDate(chosen));
  return (
    <div {...named("date")} data-block={flag(props, "block") || undefined}>
      <PickerButton
        node={node}
        buttonRef={(field) => {
          button.current = field;
          element.current = field;
        }}
        id={name === undefined ? undefined : scope.fieldId(name)}
        name={name}
        label={label}
        open={open}
        popup="dialog"
        controls={id}
        size={oneOf(props, "size", CONTROL_SIZES) ?? "md"}
        value={shown}
        placeholder={text(props, "placeholder") ?? scope.t("widget.select_date")}
        icon={<Icon name="calendar" size={16} />}
        disabled={disabled}
        loading={raised.loading}
        error={error === undefined ? undefined : `${id}-error`}
        onPrefetch={calendar.prefetch}
        onToggle={() => setOpen(!open)}
        onClear={flag(props, "clearable") && value !== null ? () => change(null) : undefined}
      />
      {open ? (
        <Lazy
          of={calendar}
          props={{
            id: id,
            label: text(props, "placeholder") ?? scope.t("widget.select_date"),
            anchor: () => button.current,
            placement: placement(node),
            locale: locale,
            value: chosen,
            min: parse(props.min),
            max: parse(props.max),
            words: {
              previous: scope.t("widget.previous_month"),
              next: scope.t("widget.next_month"),
              today: scope.t("widget.today"),
            },
            onChoose: (day) => change(format(day)),
            onClose: () => setOpen(false),
          }}
        />
      ) : null}
      <FieldError id={`${id}-error`} message={error} />
    </div>
  );
}
