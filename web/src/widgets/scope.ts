import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { loadingOf, runsOutsideStream } from "../core/actions.ts";
import type { FormScope } from "./form.ts";
import {
  type ActionRequest,
  type ActionTrigger,
  type WidgetAction,
  WidgetError,
  type WidgetHost,
} from "./host.ts";
import { fill, type MessageKey, messages } from "./messages.ts";
import { pathsOf, type WidgetNode } from "./node.ts";

/** One drawn widget: what its components share. */
export interface WidgetScope {
  readonly host: WidgetHost;
  readonly itemId: string | null;
  /** The whole fades and takes no input while this is true. */
  readonly inert: Signal<boolean>;
  readonly fieldErrors: ReadonlySignal<Readonly<Record<string, string>>>;
  raise(raising: Raising): Promise<void> | null;
  t(key: MessageKey, values?: Readonly<Record<string, string | number>>): string;
  /** Ids of the labels by the name of the field they stand for. */
  readonly labels: Signal<Readonly<Record<string, string>>>;
  /** The id of the control with this name, for its label. */
  fieldId(name: string): string;
  remember(node: WidgetNode, what: string): Remembered;
}

export interface Remembered {
  get(): unknown;
  set(value: unknown): void;
}

export interface Raising {
  readonly node: WidgetNode;
  readonly action: WidgetAction;
  readonly trigger: ActionTrigger;
  readonly form: FormScope | null;
  /** The control's own value, for a change. */
  readonly own?: Readonly<Record<string, unknown>>;
}

export const ScopeContext = createContext<WidgetScope | null>(null);
export const FormContext = createContext<FormScope | null>(null);

/** Direction of the nearest container; a few components look different in a row. */
export const DirectionContext = createContext<"row" | "col">("col");

export function useScope(): WidgetScope {
  const scope = useContext(ScopeContext);
  if (!scope) throw new WidgetError("A widget component is drawn outside of WidgetView.");
  return scope;
}

/** What a person left in one place: by the path of its component and, where it has a name, by that. */
function createRecall({ host, itemId, root }: Pick<ScopeOptions, "host" | "itemId" | "root">) {
  const known = new WeakMap<WidgetNode, ReadonlySet<string>>();
  const at = (...where: string[]): string => [itemId ?? "", ...where].join("\n");

  function isTaken(path: string): boolean {
    const now = root();
    if (!now) return false;
    const paths = known.get(now) ?? pathsOf(now);
    known.set(now, paths);
    return paths.has(path);
  }

  return function remember(node: WidgetNode, what: string): Remembered {
    const { memory } = host();
    const exact = at(node.path, what);
    // A control that was moved is found by its name, unless another one stands where it was, or a new `key` says that
    // it is another one.
    const name = nameOf(node);
    const named = name === null ? null : at(keysIn(node.path), name, what, "path");
    return {
      get() {
        const value = memory.get(exact);
        const path = value === undefined && named !== null ? memory.get(named) : undefined;
        return typeof path === "string" && !isTaken(path) ? memory.get(at(path, what)) : value;
      },
      set(value) {
        memory.set(exact, value);
        if (named !== null) memory.set(named, node.path);
      },
    };
  };
}

function nameOf({ key, type, props }: WidgetNode): string | null {
  if (typeof props.name === "string") return `${type}:${props.name}`;
  return /^[ki]:/.test(key) ? key : null;
}

const keysIn = (path: string): string =>
  path
    .split("/")
    .filter((part) => part.startsWith("k:"))
    .join("/");

export interface ScopeOptions {
  readonly host: () => WidgetHost;
  readonly itemId: string | null;
  readonly widget: () => ActionRequest["widget"];
  readonly root: () => WidgetNode | null;
  readonly fieldErrors: ReadonlySignal<Readonly<Record<string, string>>>;
}

let scopes = 0;

export function createScope({ host, itemId, widget, root, fieldErrors }: ScopeOptions): WidgetScope {
  const inert = signal(false);
  const labels = signal<Readonly<Record<string, string>>>({});
  const prefix = `w${++scopes}-`;
  /** A streaming action of this widget is on its way, even if the host has not noticed yet. */
  let streaming = false;

  function refused(action: WidgetAction): boolean {
    if (runsOutsideStream(action)) return false;
    if (!streaming && !host().busy.peek()) return false;
    host().log("widget.action_refused", { type: action.type, reason: "busy" });
    return true;
  }

  function request({ node, action, trigger, form, own }: Raising): ActionRequest {
    const { id } = node.props;
    const source = typeof id === "string" && id !== "" ? id : node.path;
    return {
      action,
      itemId,
      widget: widget(),
      trigger,
      source,
      values: { ...own, ...form?.values() },
    };
  }

  async function carryOut(raising: Raising): Promise<void> {
    const exclusive = !runsOutsideStream(raising.action);
    const container = loadingOf(raising.action, raising.trigger) === "container";
    if (exclusive) streaming = true;
    if (container) inert.value = true;
    try {
      await host().perform(request(raising));
    } catch (reason) {
      host().error(reason instanceof Error ? reason : new WidgetError(String(reason)));
    } finally {
      if (exclusive) streaming = false;
      if (container) inert.value = false;
    }
  }

  return {
    get host() {
      return host();
    },
    itemId,
    inert,
    labels,
    fieldErrors,
    raise: (raising) => (refused(raising.action) ? null : carryOut(raising)),
    t: (key, values) => host().t?.(key, values) ?? fill(messages[key], values),
    fieldId: (name) => prefix + name,
    remember: createRecall({ host, itemId, root }),
  };
}
