import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useAction } from "./action.ts";
import { useField } from "./form.ts";
import type { WidgetNode } from "./node.ts";
import { text } from "./props.ts";
import type { Drawing, OwnComponent, OwnPart, WidgetComponent } from "./registry.ts";
import { useScope } from "./scope.ts";
import { useScrollMemory } from "./scroll.ts";

const anything = (value: unknown): value is unknown => value !== undefined;

function usePart(node: WidgetNode): OwnPart {
  const { host } = useScope();
  const raised = useAction(node);
  const { value, set } = useField<unknown>(node, {
    name: text(node.props, "name"),
    initial: node.props.defaultValue,
    accepts: anything,
    disabled: false,
  });
  return {
    props: node.props,
    locale: host.locale.value,
    loading: raised.loading,
    value,
    setValue: set,
    raise: (action) => raised.raise(action, `${node.type}.raise`),
  };
}

/** Handlers that were made long ago still see what the widget says now. */
function live(latest: { readonly current: OwnPart }): OwnPart {
  return {
    get props() {
      return latest.current.props;
    },
    get locale() {
      return latest.current.locale;
    },
    get loading() {
      return latest.current.loading;
    },
    get value() {
      return latest.current.value;
    },
    setValue: (value) => latest.current.setValue(value),
    raise: (action) => latest.current.raise(action),
  };
}

function Own({ node, component }: { node: WidgetNode; component: OwnComponent }): JSX.Element {
  const part = usePart(node);
  const place = useScrollMemory<HTMLDivElement>(node);
  const drawing = useRef<Drawing | null>(null);
  const latest = useRef(part);
  latest.current = part;
  // A layout effect, so that what it throws reaches the node before anything is seen.
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    drawing.current = component.draw(element, live(latest)) ?? null;
    return () => {
      drawing.current?.remove?.();
      drawing.current = null;
      element.replaceChildren();
    };
  }, [component, place]);
  const { props, value, loading, locale } = part;
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what a drawing wants to hear of
  useEffect(() => {
    if (first.current) first.current = false;
    else drawing.current?.update?.(live(latest));
  }, [props, value, loading, locale]);
  return <div ref={place} class="w-own" part="widget-own" />;
}

const wrapped = new WeakMap<OwnComponent, WidgetComponent>();

/** A component of the page as one of the renderer's. */
export function ownComponent(component: OwnComponent): WidgetComponent {
  const known = wrapped.get(component);
  if (known) return known;
  const made: WidgetComponent = ({ node }) => <Own node={node} component={component} />;
  wrapped.set(component, made);
  return made;
}
