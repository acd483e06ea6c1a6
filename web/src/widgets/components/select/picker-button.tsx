import type { JSX } from "preact";
import { type ControlSize, Spinner } from "../../../base/index.ts";
import { Icon } from "../../../icons/index.tsx";
import type { WidgetNode } from "../../node.ts";
import { flag, oneOf } from "../../props.ts";
import { useScope } from "../../scope.ts";

export interface PickerButtonProps {
  readonly node: WidgetNode;
  readonly buttonRef: (button: HTMLButtonElement | null) => void;
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** Id of the Label that names it. */
  readonly label: string | undefined;
  readonly open: boolean;
  readonly popup: "listbox" | "dialog";
  readonly controls: string;
  readonly size: ControlSize;
  readonly value: string | undefined;
  readonly placeholder: string;
  readonly icon: JSX.Element;
  readonly disabled: boolean;
  readonly loading: boolean;
  /** The last change was not sent, because the thread is busy. */
  readonly refused: boolean;
  readonly error: string | undefined;
  readonly onPrefetch: () => void;
  readonly onToggle: () => void;
  readonly onClear: (() => void) | undefined;
}

/** The closed state of Select and DatePicker: what is chosen, and a button that opens the choice. */
export function PickerButton(props: PickerButtonProps): JSX.Element {
  const { t } = useScope();
  const { node, open, value, onClear } = props;
  return (
    <div class="w-picker" data-clearable={onClear ? true : undefined} data-shake={props.refused || undefined}>
      <button
        type="button"
        ref={props.buttonRef}
        class="ck-field w-picker-button"
        part="field"
        id={props.id}
        data-size={props.size}
        data-variant={oneOf(node.props, "variant", ["solid", "soft", "outline", "ghost"]) ?? "outline"}
        data-pill={flag(node.props, "pill") || undefined}
        data-empty={value === undefined || undefined}
        disabled={props.disabled}
        aria-haspopup={props.popup}
        aria-expanded={open}
        aria-controls={open ? props.controls : undefined}
        {...(props.label
          ? { "aria-labelledby": `${props.label} ${props.controls}-value` }
          : { "aria-label": [props.name, value ?? props.placeholder].filter(Boolean).join(": ") })}
        aria-describedby={props.error}
        data-invalid={props.error ? true : undefined}
        onClick={props.onToggle}
        onPointerEnter={props.onPrefetch}
        onFocus={props.onPrefetch}
        onKeyDown={(event) => {
          if (open || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
          event.preventDefault();
          props.onToggle();
        }}
      >
        <span id={`${props.controls}-value`}>
          <bdi>{value ?? props.placeholder}</bdi>
        </span>
        {props.loading ? <Spinner size={16} /> : props.icon}
      </button>
      {onClear && !props.disabled ? (
        <button type="button" class="w-picker-clear" aria-label={t("widget.clear")} onClick={onClear}>
          <Icon name="close" size={14} />
        </button>
      ) : null}
    </div>
  );
}
