import type { JSX } from "preact";
import { boxStyle } from "../../box-style.ts";
import { useForm } from "../../form.ts";
import type { WidgetAction } from "../../host.ts";
import type { WidgetNode } from "../../node.ts";
import { action } from "../../props.ts";
import { Children } from "../../render.tsx";
import { DirectionContext, FormContext } from "../../scope.ts";
import { bleed, named } from "../element.ts";

const submitOf = (node: WidgetNode): WidgetAction | undefined => action(node.props, "onSubmitAction");

export function Form({ node }: { node: WidgetNode }): JSX.Element {
  const { form, element } = useForm(node, "Form.onSubmitAction", submitOf);
  const direction = node.props.direction === "row" ? "row" : "col";
  const style = boxStyle(node.props);
  return (
    <form
      ref={element}
      {...named("form", bleed(style))}
      noValidate
      data-direction={direction}
      data-auto={style.gap === undefined ? direction : undefined}
      onSubmit={(event) => event.preventDefault()}
    >
      <FormContext.Provider value={form}>
        <DirectionContext.Provider value={direction}>
          <Children of={node} />
        </DirectionContext.Provider>
      </FormContext.Provider>
    </form>
  );
}
