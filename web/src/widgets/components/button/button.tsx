import type { JSX } from "preact";
import { useContext } from "preact/hooks";
import { Button as BaseButton, type ControlSize, type Tone, type Variant } from "../../../base/index.ts";
import { useAction } from "../../action.ts";
import type { Props, WidgetNode } from "../../node.ts";
import { action, flag, oneOf, text } from "../../props.ts";
import { DirectionContext, FormContext } from "../../scope.ts";

const TONES = [
  "primary",
  "secondary",
  "info",
  "discovery",
  "success",
  "caution",
  "warning",
  "danger",
] as const;
const VARIANTS = ["solid", "soft", "outline", "ghost"] as const;
export const CONTROL_SIZES: readonly ControlSize[] = [
  "3xs",
  "2xs",
  "xs",
  "sm",
  "md",
  "lg",
  "xl",
  "2xl",
  "3xl",
];

/** `color` and `variant` win over `style`; a plain button is quiet, and in a row it is only outlined. */
function look(props: Props, direction: "row" | "col"): { tone: Tone; variant: Variant } {
  const color = oneOf(props, "color", TONES);
  const variant = oneOf(props, "variant", VARIANTS);
  const primary = props.style === "primary";
  if (primary) return { tone: color ?? "primary", variant: variant ?? "solid" };
  if (variant === "solid" && !color && props.style !== "secondary") return { tone: "primary", variant };
  return {
    tone: color ?? "secondary",
    variant: variant ?? (direction === "row" && !color ? "outline" : "solid"),
  };
}

export function Button({ node }: { node: WidgetNode }): JSX.Element {
  const { props } = node;
  const direction = useContext(DirectionContext);
  const form = useContext(FormContext);
  const raised = useAction(node);
  const submits = flag(props, "submit") === true;
  const label = text(props, "label");
  const iconStart = text(props, "iconStart");
  const bare = !label;
  const press = (): void => {
    if (submits && form) raised.submit();
    else raised.raise(action(props, "onClickAction"), "Button.onClickAction");
  };
  return (
    <BaseButton
      class="w-button"
      type={submits ? "submit" : "button"}
      {...look(props, direction)}
      size={oneOf(props, "size", CONTROL_SIZES) ?? "lg"}
      pill={flag(props, "pill") !== false}
      block={flag(props, "block")}
      uniform={flag(props, "uniform") ?? bare}
      iconStart={iconStart}
      iconEnd={text(props, "iconEnd")}
      iconSize={oneOf(props, "iconSize", ["sm", "md", "lg", "xl", "2xl"])}
      disabled={flag(props, "disabled")}
      loading={raised.loading}
      refused={raised.refused}
      aria-label={
        bare ? (iconStart ?? text(props, "iconEnd"))?.replace(/^lucide:/, "").replaceAll("-", " ") : undefined
      }
      onClick={press}
    >
      {label}
    </BaseButton>
  );
}
