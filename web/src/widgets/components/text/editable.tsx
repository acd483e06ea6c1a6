import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { composing } from "../../../base/composing.ts";
import { useAutoFocus } from "../../auto-focus.ts";
import { autofill } from "../../autofill.ts";
import { isSecret, useField } from "../../form.ts";
import type { Props, WidgetNode } from "../../node.ts";
import { usePattern } from "../../pattern.ts";
import { count, flag, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { useScrollMemory } from "../../scroll.ts";
import { named } from "../element.ts";
import { FieldError } from "../form/field-error.tsx";
import { textStyle } from "./text-style.ts";

const isText = (value: unknown): value is string => typeof value === "string";

/** Text that can be edited in place: it looks like text until it is pointed at. */
export function EditableText(props: {
  readonly node: WidgetNode;
  readonly editable: Props;
  readonly name: string;
  readonly size: string;
}): JSX.Element {
  const { node, editable, name, size } = props;
  const id = useId();
  const { fieldId } = useScope();
  const initial = text(node.props, "value") ?? "";
  const { value, set, element, error, form, label } = useField<string>(node, {
    name,
    initial,
    accepts: isText,
    disabled: false,
    secret: isSecret(name, undefined, text(editable, "autoComplete")),
  });
  const box = useScrollMemory<HTMLDivElement>(node);
  usePattern(element, text(editable, "pattern"), value);
  const rows = count(node.props, "minLines", 1, 100) ?? 1;
  const { style } = textStyle(node.props);
  const select = flag(editable, "autoSelect") === true;
  useAutoFocus(element, flag(editable, "autoFocus") === true);
  const attributes = {
    ...autofill(flag(editable, "allowAutofillExtensions"), text(editable, "autoComplete")),
    id: fieldId(name),
    name,
    value,
    class: "w-editable",
    placeholder: text(editable, "placeholder"),
    required: flag(editable, "required"),
    "aria-label": label ? undefined : (text(editable, "placeholder") ?? name),
    "aria-invalid": error === undefined ? undefined : true,
    "aria-describedby": error === undefined ? undefined : `${id}-error`,
    dir: "auto" as const,
  };
  return (
    <div ref={box} {...named("text", style)} data-size={size} data-editable>
      {rows > 1 ? (
        <textarea
          {...attributes}
          ref={(field) => {
            element.current = field;
          }}
          rows={rows}
          onInput={(event) => set(event.currentTarget.value)}
          onFocus={(event) => {
            if (select) event.currentTarget.select();
          }}
        />
      ) : (
        <input
          {...attributes}
          type="text"
          ref={(field) => {
            element.current = field;
          }}
          pattern={text(editable, "pattern")}
          onInput={(event) => set(event.currentTarget.value)}
          onFocus={(event) => {
            if (select) event.currentTarget.select();
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || composing(event)) return;
            event.preventDefault();
            form?.enter();
          }}
        />
      )}
      <FieldError id={`${id}-error`} message={error} />
    </div>
  );
}
