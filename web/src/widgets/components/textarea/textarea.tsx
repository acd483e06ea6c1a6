import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { useAutoFocus } from "../../auto-focus.ts";
import { autofill } from "../../autofill.ts";
import { isSecret, useField } from "../../form.ts";
import type { WidgetNode } from "../../node.ts";
import { usePattern } from "../../pattern.ts";
import { count, flag, oneOf, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { useScrollMemory } from "../../scroll.ts";
import { CONTROL_SIZES } from "../button/button.tsx";
import { named } from "../element.ts";
import { FieldError } from "../form/field-error.tsx";
import { GUTTERS } from "../input/input.tsx";

const isText = (value: unknown): value is string => typeof value === "string";

/** Several lines of text. */
export function Textarea({ node }: { node: WidgetNode }): JSX.Element {
  const { props } = node;
  const { fieldId } = useScope();
  const name = text(props, "name");
  const disabled = flag(props, "disabled") === true;
  const errorId = useId();
  const { value, set, element, error, label } = useField<string>(node, {
    name,
    initial: text(props, "defaultValue") ?? "",
    accepts: isText,
    disabled,
    secret: isSecret(name),
  });
  const box = useScrollMemory<HTMLTextAreaElement>(node);
  usePattern(element, text(props, "pattern"), value);
  const rows = count(props, "rows", 1, 50) ?? 3;
  const grows = flag(props, "autoResize") === true;
  const most = Math.max(rows, count(props, "maxRows", 1, 100) ?? 10);
  useAutoFocus(element, flag(props, "autoFocus") === true);
  return (
    <div {...named("textarea")} data-control>
      <textarea
        {...autofill(flag(props, "allowAutofillExtensions"))}
        ref={(field) => {
          element.current = field;
          box.current = field;
        }}
        class="ck-field"
        part="field"
        id={name === undefined ? undefined : fieldId(name)}
        name={name}
        value={value}
        rows={rows}
        required={flag(props, "required")}
        placeholder={text(props, "placeholder")}
        disabled={disabled}
        data-size={oneOf(props, "size", CONTROL_SIZES) ?? "md"}
        data-variant={oneOf(props, "variant", ["soft", "outline"]) ?? "outline"}
        data-gutter={oneOf(props, "gutterSize", GUTTERS)}
        data-grows={grows || undefined}
        style={
          grows ? { minHeight: `calc(${rows}lh + 12px)`, maxHeight: `calc(${most}lh + 12px)` } : undefined
        }
        aria-label={label ? undefined : (text(props, "placeholder") ?? name)}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={error === undefined ? undefined : errorId}
        dir="auto"
        onInput={(event) => set(event.currentTarget.value)}
        onFocus={(event) => {
          if (flag(props, "autoSelect")) event.currentTarget.select();
        }}
      />
      <FieldError id={errorId} message={error} />
    </div>
  );
}
