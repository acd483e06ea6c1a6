import type { JSX } from "preact";
import { Icon } from "../../../icons/index.tsx";
import { chunk, Lazy } from "../../lazy.tsx";
import type { WidgetNode } from "../../node.ts";
import { flag, objects, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { named } from "../element.ts";
import { FieldError } from "../form/field-error.tsx";
import type { OptionListProps, SelectOption } from "./option-list.tsx";
import { usePicker } from "./picker.ts";
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
  const { t } = useScope();
  const picker = usePicker(node, { initial: text(props, "defaultValue") ?? null, accepts: isChoice });
  const { id, name, open, value, anchor } = picker;
  const all = optionsOf(node);
  return (
    <div {...named("select")} data-block={flag(props, "block") || undefined}>
      <PickerButton
        {...picker.attributes}
        name={text(props, "ariaLabel") ?? name}
        popup="listbox"
        value={all.find((option) => option.value === value)?.label}
        placeholder={text(props, "placeholder") ?? t("widget.select")}
        icon={<Icon name="chevron-down" size={16} />}
        onPrefetch={options.prefetch}
      />
      {open ? (
        <Lazy
          of={options}
          props={{
            id,
            label: text(props, "placeholder") ?? name ?? "",
            anchor,
            options: all,
            value,
            search: flag(props, "searchable") ?? all.length > SEARCH_ABOVE,
            words: { search: t("widget.search"), none: t("widget.no_results") },
            onChoose: picker.change,
            onClose: picker.close,
          }}
        />
      ) : null}
      <FieldError id={`${id}-error`} message={picker.error} />
    </div>
  );
}
