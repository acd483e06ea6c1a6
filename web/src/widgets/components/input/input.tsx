import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { composing } from "../../../base/composing.ts";
import { useAutoFocus } from "../../auto-focus.ts";
import { autofill } from "../../autofill.ts";
import { isSecret, useField } from "../../form.ts";
import type { WidgetNode } from "../../node.ts";
import { flag, oneOf, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { CONTROL_SIZES } from "../button/button.tsx";
import { named } from "../element.ts";
import { FieldError } from "../form/field-error.tsx";

const TYPES = ["number", "email", "text", "password", "tel", "url"] as const;
export const GUTTERS = ["2xs", "xs", "sm", "md", "lg", "xl"] as const;
const isText = (value: unknown): value is string => typeof value === "string";

export function Input({ node }: { node: WidgetNode }): JSX.Element {
  const { props } = node;
  const { fieldId } = useScope();
  const type = oneOf(props, "inputType", TYPES) ?? "text";
  const name = text(props, "name");
  const disabled = flag(props, "disabled") === true;
  // The types of JSX want a literal here.
  const kind = { type } as { readonly type: "text" };
  const errorId = useId();
  const { value, set, element, error, form, label } = useField<string>(node, {
    name,
    initial: text(props, "defaultValue") ?? "",
    accepts: isText,
    disabled,
    secret: isSecret(name, type),
  });
  useAutoFocus(element, flag(props, "autoFocus") === true);
  return (
    <div {...named("input")} data-control>
      <input
        {...autofill(flag(props, "allowAutofillExtensions") ?? type === "password")}
        ref={(field) => {
          element.current = field;
        }}
        class="ck-field"
        part="field"
        {...kind}
        id={name === undefined ? undefined : fieldId(name)}
        name={name}
        value={value}
        required={flag(props, "required")}
        pattern={text(props, "pattern")}
        placeholder={text(props, "placeholder")}
        disabled={disabled}
        data-size={oneOf(props, "size", CONTROL_SIZES) ?? "md"}
        data-variant={oneOf(props, "variant", ["soft", "outline"]) ?? "outline"}
        data-gutter={oneOf(props, "gutterSize", GUTTERS)}
        data-pill={flag(props, "pill") || undefined}
        aria-label={label ? undefined : (text(props, "placeholder") ?? name)}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={error === undefined ? undefined : errorId}
        dir="auto"
        onInput={(event) => set(event.currentTarget.value)}
        onFocus={(event) => {
          if (flag(props, "autoSelect")) event.currentTarget.select();
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || composing(event)) return;
          event.preventDefault();
          form?.enter();
        }}
      />
      <FieldError id={errorId} message={error} />
    </div>
  );
}
