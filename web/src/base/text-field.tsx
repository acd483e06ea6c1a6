import type { CSSProperties, JSX, Ref } from "preact";
import type { ControlSize } from "./button.tsx";

/** What is handed to the `<input>` as it is. */
interface Native {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly class?: string | undefined;
  readonly value?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly autofocus?: boolean | undefined;
  readonly maxLength?: number | undefined;
  readonly "aria-label"?: string | undefined;
  readonly "aria-describedby"?: string | undefined;
  readonly "aria-invalid"?: boolean | undefined;
  readonly onInput?: ((event: InputEvent & { readonly currentTarget: HTMLInputElement }) => void) | undefined;
  readonly onKeyDown?: ((event: KeyboardEvent) => void) | undefined;
  readonly onFocus?: ((event: FocusEvent) => void) | undefined;
  readonly onBlur?: ((event: FocusEvent) => void) | undefined;
}

export interface TextFieldProps extends Native {
  readonly size?: ControlSize | undefined;
  readonly variant?: "outline" | "soft" | undefined;
  readonly pill?: boolean | undefined;
  readonly inputRef?: Ref<HTMLInputElement> | undefined;
  readonly style?: CSSProperties | undefined;
}

/** One line of text. */
export function TextField({
  size = "md",
  variant = "outline",
  pill,
  inputRef,
  class: className,
  ...native
}: TextFieldProps): JSX.Element {
  return (
    <input
      type="text"
      part="field"
      {...native}
      {...(inputRef ? { ref: inputRef } : {})}
      class={className ? `ck-field ${className}` : "ck-field"}
      data-size={size}
      data-variant={variant}
      data-pill={pill || undefined}
    />
  );
}
