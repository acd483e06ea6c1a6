import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

export interface DialogProps {
  readonly open: boolean;
  readonly label: string;
  readonly onClose: () => void;
  readonly class?: string | undefined;
  readonly children?: ComponentChildren | undefined;
}

function Open({ label, onClose, class: className, children }: DialogProps): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog?.showModal?.();
    return () => dialog?.close?.();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own cancel event
    <dialog
      ref={box}
      class={`ck-dialog ck-surface ${className ?? ""}`}
      part="dialog"
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      {children}
    </dialog>
  );
}

/** A modal dialog; Escape and a press on the backdrop close it, focus returns by itself. */
export function Dialog(props: DialogProps): JSX.Element | null {
  return props.open ? <Open {...props} /> : null;
}
