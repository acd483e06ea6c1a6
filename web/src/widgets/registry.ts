import { signal } from "@preact/signals";
import type { JSX } from "preact";
import type { WidgetAction } from "./host.ts";
import type { Props, WidgetNode } from "./node.ts";

/** Draws one node. Children are drawn with `<Children of={node} />`. */
export type WidgetComponent = (props: { readonly node: WidgetNode }) => JSX.Element | null;

/** What a component of the page is given of the widget it stands in. */
export interface OwnPart {
  /** The properties as they are now; `type`, `key` and `children` are not among them. */
  readonly props: Props;
  /** BCP 47 tag for dates and numbers. */
  readonly locale: string;
  /** An action of it is under way. */
  readonly loading: boolean;
  /**
   * The value it stands for. With a property `name` it is a control of the form around it: what `setValue` gives is sent
   * with the form's actions, and comes back after a reload.
   */
  readonly value: unknown;
  setValue(value: unknown): void;
  /** Raises an action as a button does: with the form's values, once at a time. */
  raise(action: WidgetAction): void;
}

/** What `draw` leaves behind to be told of changes. */
export interface Drawing {
  /** The widget, the value or the loading state has changed. */
  update?(part: OwnPart): void;
  remove?(): void;
}

/** A component of the page, in whatever the page is made of. */
export interface OwnComponent {
  /** Fills an empty element. What it throws makes the widget draw the node's `fallback`. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most have nothing to say afterwards
  draw(place: HTMLElement, part: OwnPart): Drawing | void;
}

const own = new Map<string, WidgetComponent | OwnComponent>();

/** Counts changes, for widgets that were drawn before their components were there. */
export const registrations = signal(0);

/**
 * Makes a component of the page known under a type name, for every widget on the page, also those that are drawn already.
 * Widgets that use it give `fallback`, a node that is drawn where the component is missing or fails.
 *
 * @returns takes it away again
 * @throws TypeError when the name is not a type name, or the component cannot draw
 */
export function registerComponent(type: string, component: WidgetComponent | OwnComponent): () => void {
  if (!/^[A-Z][\w.-]{0,63}$/.test(type)) {
    throw new TypeError(
      `registerComponent: "${type}" is no type name; begin with a capital letter, as in "Acme.Map".`,
    );
  }
  if (typeof component !== "function" && typeof component?.draw !== "function") {
    throw new TypeError(`registerComponent: "${type}" needs a component with draw(place, part).`);
  }
  own.set(type, component);
  registrations.value++;
  return () => {
    if (own.get(type) !== component) return;
    own.delete(type);
    registrations.value++;
  };
}

/** The component the page has registered for a type. */
export function registered(type: string): WidgetComponent | OwnComponent | undefined {
  return own.get(type);
}
