import type { ComponentChildren, CSSProperties, JSX, Ref } from "preact";
import { Icon } from "../icons/index.tsx";
import { Spinner } from "./spinner.tsx";
import { Tooltip } from "./tooltip.tsx";

export type Tone =
  | "primary"
  | "secondary"
  | "info"
  | "discovery"
  | "success"
  | "caution"
  | "warning"
  | "danger";
export type Variant = "solid" | "soft" | "outline" | "ghost";
export type ControlSize = "3xs" | "2xs" | "xs" | "sm" | "md" | "lg" | "xl" | "2xl" | "3xl";

/** What is handed to the `<button>` as it is. */
interface Native {
  readonly id?: string | undefined;
  readonly type?: "button" | "submit" | "reset" | undefined;
  readonly class?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly tabIndex?: number | undefined;
  readonly "aria-label"?: string | undefined;
  readonly "aria-haspopup"?: "menu" | "listbox" | "dialog" | undefined;
  readonly "aria-expanded"?: boolean | undefined;
  readonly "aria-controls"?: string | undefined;
  readonly "aria-pressed"?: boolean | undefined;
  readonly "aria-describedby"?: string | undefined;
  readonly "aria-disabled"?: boolean | undefined;
  readonly onClick?: ((event: MouseEvent) => void) | undefined;
  readonly onKeyDown?: ((event: KeyboardEvent) => void) | undefined;
  readonly onFocus?: ((event: FocusEvent) => void) | undefined;
  readonly onBlur?: ((event: FocusEvent) => void) | undefined;
}

export interface ButtonProps extends Native {
  readonly tone?: Tone | undefined;
  readonly variant?: Variant | undefined;
  readonly size?: ControlSize | undefined;
  readonly pill?: boolean | undefined;
  readonly block?: boolean | undefined;
  readonly uniform?: boolean | undefined;
  readonly iconStart?: string | undefined;
  readonly iconEnd?: string | undefined;
  readonly iconSize?: "sm" | "md" | "lg" | "xl" | "2xl" | undefined;
  /** Shows a spinner in place of the content and takes no clicks, but keeps focus and place. */
  readonly loading?: boolean | undefined;
  /** Shakes once: the press was noticed but cannot be carried out now. */
  readonly refused?: boolean | undefined;
  readonly selected?: boolean | undefined;
  readonly style?: CSSProperties | undefined;
  readonly buttonRef?: Ref<HTMLButtonElement> | undefined;
  readonly children?: ComponentChildren | undefined;
}

const isEmpty = (children: ComponentChildren): boolean =>
  children === undefined || children === null || children === "";

/** A button of the design system: eight tones, four variants, nine sizes. */
export function Button(props: ButtonProps): JSX.Element {
  const {
    tone = "secondary",
    variant = "solid",
    size = "md",
    pill,
    block,
    uniform,
    iconStart,
    iconEnd,
    iconSize,
    loading,
    refused,
    selected,
    buttonRef,
    class: className,
    children,
    onClick,
    ...native
  } = props;
  return (
    <button
      type="button"
      part="button"
      {...native}
      {...(buttonRef ? { ref: buttonRef } : {})}
      class={className ? `ck-button ${className}` : "ck-button"}
      data-tone={tone}
      data-variant={variant}
      data-size={size}
      data-pill={pill || undefined}
      data-block={block || undefined}
      data-uniform={uniform || undefined}
      data-icon-size={iconSize}
      data-loading={loading || undefined}
      data-shake={refused || undefined}
      data-selected={selected || undefined}
      aria-busy={loading || undefined}
      aria-disabled={loading || native["aria-disabled"]}
      onClick={loading ? (event) => event.preventDefault() : onClick}
    >
      {iconStart ? <Icon name={iconStart} /> : null}
      {isEmpty(children) ? null : <span dir="auto">{children}</span>}
      {iconEnd ? <Icon name={iconEnd} /> : null}
      {loading ? <Spinner /> : null}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "iconStart" | "iconEnd" | "uniform" | "children"> {
  readonly icon: string;
  /** Accessible name, also shown as a tooltip. */
  readonly label: string;
  /** `false` where a tooltip would be in the way. */
  readonly tooltip?: boolean | undefined;
}

/** A square button that shows one icon; ghost unless told otherwise, as round as the theme's controls. */
export function IconButton({ icon, label, tooltip = true, style, ...props }: IconButtonProps): JSX.Element {
  const button = (
    <Button
      variant="ghost"
      size="lg"
      iconSize="lg"
      {...props}
      uniform
      iconStart={icon}
      aria-label={label}
      style={{ borderRadius: "var(--ck-radius-control)", ...style }}
    />
  );
  return tooltip ? <Tooltip text={label}>{button}</Tooltip> : button;
}
