import { Component, createContext, type JSX } from "preact";
import { useContext } from "preact/hooks";
import { builtIn } from "./components/index.ts";
import { WidgetError } from "./host.ts";
import type { WidgetNode } from "./node.ts";
import { readWidget } from "./node.ts";
import { registered, type WidgetComponent } from "./registry.ts";
import { ScopeContext, useScope, type WidgetScope } from "./scope.ts";

/** Development shows what is wrong with a widget in its place. */
function Complaint({ children }: { children: string }): JSX.Element | null {
  const { host } = useScope();
  return host.development ? (
    <div class="w-complaint" role="note">
      {children}
    </div>
  ) : null;
}

/** A type nobody knows: its declared fallback, else its children. */
function Unknown({ node }: { node: WidgetNode }): JSX.Element {
  const scope = useScope();
  const fallback = readWidget(node.props.fallback).root;
  return (
    <>
      <Complaint>{scope.t("widget.unknown", { type: node.type || "?" })}</Complaint>
      {fallback ? <NodeView node={fallback} /> : <Children of={node} />}
    </>
  );
}

function componentFor(type: string, scope: WidgetScope): WidgetComponent {
  const { components } = scope.host;
  if (components && Object.hasOwn(components, type)) {
    const given = components[type];
    if (given) return given;
  }
  const found = registered(type) ?? (Object.hasOwn(builtIn, type) ? builtIn[type] : undefined);
  if (found) return found;
  reportUnknown(type, scope);
  return Unknown;
}

const reported = new WeakMap<WidgetScope, Set<string>>();

function reportUnknown(type: string, scope: WidgetScope): void {
  const types = reported.get(scope) ?? new Set();
  reported.set(scope, types);
  if (types.has(type)) return;
  types.add(type);
  scope.host.log("widget.unknown_component", { type: type.slice(0, 64) });
}

/** One node. It is drawn again only when the node is another one; what fails inside stays inside. */
export class NodeView extends Component<
  { readonly node: WidgetNode },
  { readonly failed: WidgetNode | null }
> {
  static override contextType = ScopeContext;
  override state = { failed: null };

  override shouldComponentUpdate(next: { node: WidgetNode }, state: { failed: WidgetNode | null }): boolean {
    return next.node !== this.props.node || state.failed !== this.state.failed;
  }

  override componentDidMount(): void {
    this.tell();
  }

  override componentDidUpdate(): void {
    this.tell();
  }

  private tell(): void {
    const scope: WidgetScope | null = this.context;
    if (!scope?.host.drawn) return;
    // Preact 11 has no public way from a component to its element; these are the names its own developer tools rely on.
    const { __v: drawn } = this as { readonly __v?: { readonly __e?: unknown } };
    scope.host.drawn(this.props.node, drawn?.__e instanceof Element ? drawn.__e : null);
  }

  override componentDidCatch(reason: unknown): void {
    const { node } = this.props;
    const scope: WidgetScope | null = this.context;
    scope?.host.error(new WidgetError(`Component "${node.type}" could not be drawn.`, { cause: reason }));
    this.setState({ failed: node });
  }

  override render(): JSX.Element {
    const { node } = this.props;
    if (this.state.failed === node) return <Failed />;
    return <Drawn node={node} />;
  }
}

function Failed(): JSX.Element {
  const scope = useScope();
  return <Complaint>{scope.t("widget.failed")}</Complaint>;
}

function Drawn({ node }: { node: WidgetNode }): JSX.Element {
  const scope = useScope();
  const Component = componentFor(node.type, scope);
  return <Component node={node} />;
}

/** The children of a node, each under its own key. */
export function Children({ of }: { of: WidgetNode }): JSX.Element {
  return (
    <>
      {of.children.map((child) => (
        <NodeView key={child.key} node={child} />
      ))}
    </>
  );
}

/** For components that must know what they are inside of. */
export const InsideContext = createContext<string>("");
export const useInside = (): string => useContext(InsideContext);
