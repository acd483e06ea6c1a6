import type { JSX } from "preact";
import type { WidgetNode } from "./node.ts";

/** Draws one node. Children are drawn with `<Children of={node} />`. */
export type WidgetComponent = (props: { readonly node: WidgetNode }) => JSX.Element | null;

interface Entry {
  readonly component: WidgetComponent;
  /** Type drawn in its place by clients that do not have it; kept for tools that check widgets. */
  readonly fallback: string | undefined;
}

const own = new Map<string, Entry>();

/**
 * Makes a component of the page known under a type name, for every widget on the page. Widgets that use it may give
 * `fallback` (a node) for clients without it; here `fallback` names a built-in type that takes the same props.
 *
 * @throws TypeError when the name is not a type name
 */
export function registerComponent(
  type: string,
  component: WidgetComponent,
  options: { readonly fallback?: string } = {},
): () => void {
  if (!/^[A-Z][\w.-]{0,63}$/.test(type)) {
    throw new TypeError(
      `registerComponent: "${type}" is no type name; begin with a capital letter, as in "Acme.Map".`,
    );
  }
  const entry = { component, fallback: options.fallback };
  own.set(type, entry);
  return () => {
    if (own.get(type) === entry) own.delete(type);
  };
}

/** The component the page has registered for a type. */
export function registered(type: string): WidgetComponent | undefined {
  return own.get(type)?.component;
}

/** The built-in type that stands in for a registered one where it is missing. */
export function fallbackOf(type: string): string | undefined {
  return own.get(type)?.fallback;
}
