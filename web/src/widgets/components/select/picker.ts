import { useId, useRef, useState } from "preact/hooks";
import { useAction } from "../../action.ts";
import { useField } from "../../form.ts";
import type { WidgetNode } from "../../node.ts";
import { action, flag, oneOf, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { CONTROL_SIZES } from "../button/button.tsx";
import type { PickerButtonProps } from "./picker-button.tsx";

type Own = "name" | "popup" | "value" | "placeholder" | "icon" | "onPrefetch";

/** What Select and DatePicker have in common: a button that opens a choice, and the value that was chosen. */
export function usePicker(
  node: WidgetNode,
  { initial, accepts }: { initial: string | null; accepts: (value: unknown) => value is string | null },
) {
  const { props } = node;
  const { fieldId } = useScope();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const name = text(props, "name");
  const disabled = flag(props, "disabled") === true;
  const raised = useAction(node);
  const { value, set, element, error, label } = useField(node, { name, initial, accepts, disabled });
  const close = (): void => setOpen(false);
  const change = (next: string | null): void => {
    close();
    button.current?.focus();
    if (next === value) return;
    set(next);
    const own = name === undefined ? {} : { [name]: next };
    raised.raise(action(props, "onChangeAction"), `${node.type}.onChangeAction`, own);
  };
  const attributes: Omit<PickerButtonProps, Own> = {
    node,
    buttonRef: (field) => {
      button.current = field;
      element.current = field;
    },
    id: name === undefined ? undefined : fieldId(name),
    label,
    open,
    controls: id,
    size: oneOf(props, "size", CONTROL_SIZES) ?? "md",
    disabled,
    loading: raised.loading,
    refused: raised.refused,
    error: error === undefined ? undefined : `${id}-error`,
    onToggle: () => setOpen(!open),
    onClear: flag(props, "clearable") && value !== null ? () => change(null) : undefined,
  };
  return { id, name, open, value, error, attributes, anchor: () => button.current, change, close };
}
