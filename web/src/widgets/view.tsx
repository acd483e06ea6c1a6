import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useStyles } from "../base/index.ts";
import type { ActionRequest } from "../core/api.ts";
import styles from "./components/styles.ts";
import type { WidgetHost } from "./host.ts";
import { readWidget, type WidgetNode } from "./node.ts";
import { NodeView } from "./render.tsx";
import { createScope, ScopeContext } from "./scope.ts";

export interface WidgetViewProps {
  /** The widget's JSON as it came; parts that keep their identity are not looked at again. */
  readonly widget: unknown;
  /** The item it belongs to, or `null` in a preview. */
  readonly itemId: string | null;
  readonly host: WidgetHost;
  /** The server's complaints about fields of its forms, by field name. */
  readonly fieldErrors?: Readonly<Record<string, string>> | undefined;
}

const NO_ERRORS: Readonly<Record<string, string>> = {};

/** Draws a widget. */
export function WidgetView({
  widget,
  itemId,
  host,
  fieldErrors = NO_ERRORS,
}: WidgetViewProps): JSX.Element | null {
  useStyles(...styles);
  const latest = useRef({ widget, host });
  latest.current = { widget, host };
  const before = useRef<WidgetNode | null>(null);
  const errors = useSignal(fieldErrors);
  errors.value = fieldErrors;
  const scope = useMemo(
    () =>
      createScope({
        host: () => latest.current.host,
        itemId,
        widget: () => latest.current.widget as ActionRequest["widget"],
        root: () => before.current,
        fieldErrors: errors,
      }),
    [itemId, errors],
  );
  const { root, cut } = readWidget(widget, before.current);
  if (before.current && root && replaced(before.current, root)) scope.inert.value = false;
  before.current = root;
  useEffect(() => {
    if (cut) host.log("widget.too_large", {});
  }, [cut, host]);
  if (!root) return null;
  return (
    <ScopeContext.Provider value={scope}>
      <div
        class="w-root"
        part="widget"
        data-loading={scope.inert.value || undefined}
        aria-busy={scope.inert.value || undefined}
        inert={scope.inert.value}
      >
        <NodeView node={root} />
        {cut ? <div class="w-cut">{scope.t("widget.too_large")}</div> : null}
      </div>
    </ScopeContext.Provider>
  );
}

/** Whether the server has changed the widget itself, beyond streaming more text into it. */
function replaced(before: WidgetNode, after: WidgetNode): boolean {
  if (before === after) return false;
  if (before.type !== after.type || before.children.length !== after.children.length) return true;
  if (before.props !== after.props) {
    const streams = after.type === "Text" || after.type === "Markdown";
    const names = new Set([...Object.keys(before.props), ...Object.keys(after.props)]);
    names.delete("value");
    names.delete("streaming");
    if (!streams || [...names].some((name) => before.props[name] !== after.props[name])) return true;
  }
  return after.children.some((child, index) => {
    const old = before.children[index];
    return old === undefined || replaced(old, child);
  });
}
