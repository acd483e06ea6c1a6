import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "../../../icons/index.tsx";
import { useAction } from "../../action.ts";
import { useField } from "../../form.ts";
import type { WidgetNode } from "../../node.ts";
import { action, flag, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { named } from "../element.ts";
import { FieldError } from "../form/field-error.tsx";

const isFlag = (value: unknown): value is boolean => typeof value === "boolean";

export function Checkbox({ node }: { node: WidgetNode }): JSX.Element {
  const { props } = node;
  const { fieldId } = useScope();
  const name = text(props, "name");
  const label = text(props, "label");
  const disabled = flag(props, "disabled") === true;
  const errorId = useId();
  const raised = useAction(node);
  const {
    value,
    set,
    element,
    error,
    label: outside,
  } = useField<boolean>(node, {
    name,
    initial: flag(props, "defaultChecked") === true,
    accepts: isFlag,
    disabled,
  });
  const change = (checked: boolean): void => {
    set(checked);
    raised.raise(
      action(props, "onChangeAction"),
      "Checkbox.onChangeAction",
      name === undefined ? {} : { [name]: checked },
    );
  };
  return (
    <div {...named("checkbox")} data-shake={raised.refused || undefined}>
      <label class="w-choice" data-disabled={disabled || undefined}>
        <span class="w-check">
          <input
            ref={(field) => {
              element.current = field;
            }}
            type="checkbox"
            id={name === undefined ? undefined : fieldId(name)}
            name={name}
            checked={value}
            required={flag(props, "required")}
            disabled={disabled}
            aria-label={label === undefined && !outside ? name : undefined}
            aria-invalid={error === undefined ? undefined : true}
            aria-describedby={error === undefined ? undefined : errorId}
            onChange={(event) => change(event.currentTarget.checked)}
          />
          <Icon name="check" size={14} />
        </span>
        {label === undefined ? null : <span dir="auto">{label}</span>}
      </label>
      <FieldError id={errorId} message={error} />
    </div>
  );
}
