import { Component, createContext, type JSX } from "preact";
import { useContext, useMemo } from "preact/hooks";
import { builtIn } from "./components/index.ts";
import { WidgetError } from "./host.ts";
import type { WidgetNode } from "./node.ts";
import { readWidget } from "./node.ts";
import { ownComponent } from "./own.tsx";
import { registered, registrations, type WidgetComponent } from "./registry.ts";
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

/** The node that was declared for places without the component, else its children. */
function Fallback({ node }: { node: WidgetNode }): JSX.Element {
  const { fallback } = node.props;
  const root = useMemo(() => readWidget(fallback).root, [fallback]);
  return root ? <NodeView node={root} /> : <Children of={node} />;
}

/** A type nobody knows yet. */
function Unknown({ node }: { node: WidgetNode }): JSX.Element {
  const scope = useScope();
  // A page may bring its components after its widgets.
  registrations.value;
  const Late = find(node.type, scope);
  if (Late) return <Late node={node} />;
  return (
    <>
      <Complaint>{scope.t("widget.unknown", { type: node.type || "?" })}</Complaint>
      <Fallback node={node} />
    </>
  );
}

function find(type: string, { host }: WidgetScope): WidgetComponent | undefined {
  const given = host.components && Object.hasOwn(host.components, type) ? host.components[type] : undefined;
  if (given) return given;
  const own = registered(type);
  if (own) return typeof own === "function" ? own : ownComponent(own);
  return Object.hasOwn(builtIn, type) ? builtIn[type] : undefined;
}

function componentFor(type: string, scope: WidgetScope): WidgetComponent {
  const found = find(type, scope);
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
    if (this.state.failed === node) return <Failed node={node} />;
    return <Drawn node={node} />;
  }
}

function Failed({ node }: { node: WidgetNode }): JSX.Element {
  const scope = useScope();
  return (
    <>
      <Complaint>{scope.t("widget.failed")}</Complaint>
      {node.props.fallback === undefined ? null : <Fallback node={node} />}
    </>
  );
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
