import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { IconButton } from "../base/button.tsx";
import type { Toast } from "../core/state.ts";
import { useI18n } from "../i18n/index.ts";
import { Icon } from "../icons/index.tsx";
import { useChat } from "./context.ts";
import { describeToast } from "./errors_text.ts";
import { useSlice } from "./slice.ts";

/** How long a toast stays when nobody points at it, in ms. */
const STAY = 7000;

function ToastBox({ toast }: { toast: Toast }): VNode {
  const { session } = useChat();
  const i18n = useI18n();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => session.dismissToast(toast.id), STAY);
    return () => clearTimeout(timer);
  }, [held, session, toast.id]);
  return (
    <div
      class="ck-toast"
      part="toast"
      data-level={toast.level}
      role={toast.level === "danger" ? "alert" : "status"}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      <Icon name={toast.level === "info" ? "info" : "warning"} size={18} />
      <span dir="auto">{describeToast(i18n, toast.code, toast.params, toast.error)}</span>
      <IconButton
        icon="close"
        size="2xs"
        iconSize="sm"
        tooltip={false}
        label={i18n.t("action.dismiss")}
        onClick={() => session.dismissToast(toast.id)}
      />
    </div>
  );
}

/** Short messages over the chat. */
export function Toasts(): VNode {
  const { t } = useI18n();
  const toasts = useSlice((state) => state.toasts);
  return (
    <section class="ck-toasts" aria-label={t("toast.region")}>
      {toasts.map((toast) => (
        <ToastBox key={toast.id} toast={toast} />
      ))}
    </section>
  );
}
