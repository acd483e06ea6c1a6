import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { useAction } from "../../action.ts";
import { useField } from "../../form.ts";
import type { Props, WidgetNode } from "../../node.ts";
import { action, flag, objects, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { named } from "../element.ts";
import { FieldError } from "../form/field-error.tsx";

const isText = (value: unknown): value is string => typeof value === "string";

export function RadioGroup({ node }: { node: WidgetNode }): JSX.Element {
  const { props } = node;
  const { fieldId } = useScope();
  const group = useId();
  const name = text(props, "name");
  const disabled = flag(props, "disabled") === true;
  const raised = useAction(node);
  const { value, set, element, error, label } = useField<string>(node, {
    name,
    initial: text(props, "defaultValue") ?? "",
    accepts: isText,
    disabled,
    sent: (chosen) => (chosen === "" ? undefined : chosen),
  });
  const change = (chosen: string): void => {
    set(chosen);
    raised.raise(
      action(props, "onChangeAction"),
      "RadioGroup.onChangeAction",
      name === undefined ? {} : { [name]: chosen },
    );
  };
  const choice = (option: Props, index: number): JSX.Element => {
    const own = text(option, "value") ?? "";
    const off = disabled || flag(option, "disabled") === true;
    return (
      <label key={own} class="w-choice" data-disabled={off || undefined}>
        <span class="w-radio">
          <input
            ref={(field) => {
              if (index === 0) element.current = field;
            }}
            type="radio"
            id={index === 0 && name !== undefined ? fieldId(name) : undefined}
            name={`${group}${name ?? ""}`}
            value={own}
            checked={value === own}
            required={flag(props, "required")}
            disabled={off}
            onChange={() => change(own)}
          />
        </span>
        <span dir="auto">{text(option, "label") ?? own}</span>
      </label>
    );
  };
  return (
    <div
      {...named("radio-group")}
      data-shake={raised.refused || undefined}
      role="radiogroup"
      {...(label && text(props, "ariaLabel") === undefined
        ? { "aria-labelledby": label }
        : { "aria-label": text(props, "ariaLabel") ?? name })}
      aria-invalid={error === undefined ? undefined : true}
      aria-describedby={error === undefined ? undefined : `${group}-error`}
      aria-required={flag(props, "required") || undefined}
    >
      <div class="w-radio-options" data-direction={props.direction === "col" ? "col" : "row"}>
        {objects(props, "options").map(choice)}
      </div>
      <FieldError id={`${group}-error`} message={error} />
    </div>
  );
}
