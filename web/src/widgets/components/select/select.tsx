import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { Icon } from "../../../icons/index.tsx";
import { useAction } from "../../action.ts";
import { useField } from "../../form.ts";
import { chunk, Lazy } from "../../lazy.tsx";
import type { WidgetNode } from "../../node.ts";
import { action, flag, objects, oneOf, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { CONTROL_SIZES } from "../button/button.tsx";
import { named } from "../element.ts";
import { FieldError } from "../form/field-error.tsx";
import type { OptionListProps, SelectOption } from "./option-list.tsx";
import { PickerButton } from "./picker-button.tsx";

const options = chunk<OptionListProps>(() => import("./option-list.tsx").then((module) => module.OptionList));

/** From here on a list is searched rather than read. */
const SEARCH_ABOVE = 15;

const isChoice = (value: unknown): value is string | null => value === null || typeof value === "string";

function optionsOf(node: WidgetNode): readonly SelectOption[] {
  return objects(node.props, "options").map((option) => ({
    value: text(option, "value") ?? "",
    label: text(option, "label") ?? text(option, "value") ?? "",
    description: text(option, "description"),
    disabled: flag(option, "disabled") === true,
  }));
}

export function Select({ node }: { node: WidgetNode }): JSX.Element {
  const { props } = node;
  const { t, fieldId } = useScope();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const name = text(props, "name");
  const disabled = flag(props, "disabled") === true;
  const raised = useAction(node);
  const { value, set, element, error, label } = useField<string | null>(node, {
    name,
    initial: text(props, "defaultValue") ?? null,
    accepts: isChoice,
    disabled,
  });
  const all = optionsOf(node);
  const chosen = all.find((option) => option.value === value);
  const change = (next: string | null): void => {
    setOpen(false);
    button.current?.focus();
    if (next === value) return;
    set(next);
    raised.raise(
      action(props, "onChangeAction"),
      "Select.onChangeAction",
      name === undefined ? {} : { [name]: next },
    );
  };
  return (
    <div {...named("select")} data-block={flag(props, "block") || undefined}>
      <PickerButton
        node={node}
        buttonRef={(field) => {
          button.current = field;
          element.current = field;
        }}
        id={name === undefined ? undefined : fieldId(name)}
        name={text(props, "ariaLabel") ?? name}
        label={label}
        open={open}
        popup="listbox"
        controls={id}
        size={oneOf(props, "size", CONTROL_SIZES) ?? "md"}
        value={chosen?.label}
        placeholder={text(props, "placeholder") ?? t("widget.select")}
        icon={<Icon name="chevron-down" size={16} />}
        disabled={disabled}
        loading={raised.loading}
        error={error === undefined ? undefined : `${id}-error`}
        onPrefetch={options.prefetch}
        onToggle={() => setOpen(!open)}
        onClear={flag(props, "clearable") && value !== null ? () => change(null) : undefined}
      />
      {open ? (
        <Lazy
          of={options}
          props={{
            id: id,
            label: text(props, "placeholder") ?? name ?? "",
            anchor: () => button.current,
            options: all,
            value: value,
            search: flag(props, "searchable") ?? all.length > SEARCH_ABOVE,
            words: { search: t("widget.search"), none: t("widget.no_results") },
            onChoose: change,
            onClose: () => {
              setOpen(false);
            },
          }}
        />
      ) : null}
      <FieldError id={`${id}-error`} message={error} />
    </div>
  );
}
