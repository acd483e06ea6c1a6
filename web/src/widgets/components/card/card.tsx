import type { ComponentChildren, JSX } from "preact";
import { useContext, useId, useState } from "preact/hooks";
import { Button } from "../../../base/index.ts";
import { Icon } from "../../../icons/index.tsx";
import { useAction } from "../../action.ts";
import { boxStyle } from "../../box-style.ts";
import { useForm } from "../../form.ts";
import type { WidgetAction } from "../../host.ts";
import type { WidgetNode } from "../../node.ts";
import { action, flag, object, oneOf, text } from "../../props.ts";
import { Children } from "../../render.tsx";
import { DirectionContext, FormContext, useScope } from "../../scope.ts";
import { themeOf } from "../basic/basic.tsx";
import { Status } from "../basic/status.tsx";
import { bleed, named } from "../element.ts";

const SIZES = ["sm", "md", "lg", "full"] as const;

/** One of the two buttons at the foot of a card. */
function FooterButton({
  node,
  which,
}: {
  node: WidgetNode;
  which: "confirm" | "cancel";
}): JSX.Element | null {
  const raised = useAction(node);
  const form = useContext(FormContext);
  const asForm = flag(node.props, "asForm") === true;
  const button = object(node.props, which);
  const label = button && text(button, "label");
  if (!button || label === undefined) return null;
  const confirms = which === "confirm";
  const press = (): void => {
    if (confirms && asForm && form) raised.submit();
    else raised.raise(action(button, "action"), `Card.${which}`);
  };
  return (
    <Button
      type={confirms && asForm ? "submit" : "button"}
      tone={confirms ? "primary" : "secondary"}
      variant={confirms ? "solid" : "outline"}
      size="lg"
      pill
      loading={raised.loading}
      onClick={press}
    >
      {label}
    </Button>
  );
}

function Footer({ node }: { node: WidgetNode }): JSX.Element | null {
  if (!object(node.props, "confirm") && !object(node.props, "cancel")) return null;
  return (
    <div class="w-card-footer" part="widget-card-footer">
      <FooterButton node={node} which="cancel" />
      <FooterButton node={node} which="confirm" />
    </div>
  );
}

function confirmOf(node: WidgetNode): WidgetAction | undefined {
  const confirm = object(node.props, "confirm");
  return confirm && action(confirm, "action");
}

/** A card as form: `confirm` is its submit. */
function CardForm({ node, children }: { node: WidgetNode; children: ComponentChildren }): JSX.Element {
  const { form, element } = useForm(node, "Card.confirm", confirmOf);
  return (
    <form ref={element} class="w-card-form" noValidate onSubmit={(event) => event.preventDefault()}>
      <FormContext.Provider value={form}>{children}</FormContext.Provider>
    </form>
  );
}

/** A collapsed card shows one line; the person may open it, and the choice is remembered. */
function useCollapsed(node: WidgetNode): { collapsible: boolean; collapsed: boolean; toggle: () => void } {
  const scope = useScope();
  const memory = scope.remember(node, "expanded");
  const [expanded, setExpanded] = useState(memory.get() === true);
  const collapsible = flag(node.props, "collapsed") === true;
  const toggle = (): void => {
    memory.set(!expanded);
    setExpanded(!expanded);
  };
  return { collapsible, collapsed: collapsible && !expanded, toggle };
}

export function Card({ node }: { node: WidgetNode }): JSX.Element {
  const scope = useScope();
  const { collapsible, collapsed, toggle } = useCollapsed(node);
  const body = useId();
  const { padding = 4, background, border } = node.props;
  const style = bleed(boxStyle({ padding, background, border }));
  const status = <Status node={node} />;
  const content = (
    <>
      {collapsed ? null : (
        <div class="w-card-body" id={body} data-auto="col">
          <DirectionContext.Provider value="col">
            <Children of={node} />
          </DirectionContext.Provider>
        </div>
      )}
      {collapsed ? null : <Footer node={node} />}
    </>
  );
  return (
    <section
      {...named("card")}
      data-size={oneOf(node.props, "size", SIZES) ?? "sm"}
      data-theme={themeOf(node)}
      data-collapsed={collapsed || undefined}
    >
      {collapsible ? (
        <button
          type="button"
          class="w-card-toggle"
          aria-expanded={!collapsed}
          aria-controls={collapsed ? undefined : body}
          onClick={toggle}
        >
          {object(node.props, "status") ? (
            status
          ) : (
            <span>{scope.t(collapsed ? "widget.expand" : "widget.collapse")}</span>
          )}
          <Icon name="chevron-down" size={16} />
        </button>
      ) : (
        status
      )}
      {collapsed ? null : (
        <div class="w-card-box" part="widget-card-box" style={style}>
          {flag(node.props, "asForm") ? <CardForm node={node}>{content}</CardForm> : content}
        </div>
      )}
    </section>
  );
}
