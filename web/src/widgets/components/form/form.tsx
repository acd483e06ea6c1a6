import type { JSX } from "preact";
import { useCallback, useMemo, useRef } from "preact/hooks";
import { boxStyle } from "../../box-style.ts";
import { createForm, type FormScope, useErrorFocus } from "../../form.ts";
import type { WidgetNode } from "../../node.ts";
import { action } from "../../props.ts";
import { Children } from "../../render.tsx";
import { DirectionContext, FormContext, useScope } from "../../scope.ts";
import { bleed, named } from "../element.ts";

export function Form({ node }: { node: WidgetNode }): JSX.Element {
  const scope = useScope();
  const element = useRef<HTMLFormElement>(null);
  const latest = useRef(node);
  latest.current = node;
  const form = useMemo<FormScope>(() => {
    const made: FormScope = createForm({
      element: () => element.current,
      action: () => action(latest.current.props, "onSubmitAction"),
      trigger: "Form.onSubmitAction",
      raise: (raised, trigger) => scope.raise({ node: latest.current, action: raised, trigger, form: made }),
      inert: scope.inert,
    });
    return made;
  }, [scope]);
  useErrorFocus(useCallback(() => element.current, []));
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
