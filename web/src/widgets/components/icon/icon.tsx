import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon as Drawn, hasIcon, iconName } from "../../../icons/index.tsx";
import { color } from "../../css-values.ts";
import type { WidgetNode } from "../../node.ts";
import { oneOf, text } from "../../props.ts";
import { useScope } from "../../scope.ts";
import { named } from "../element.ts";

const SIZES = { xs: 14, sm: 16, md: 18, lg: 20, xl: 22, "2xl": 24, "3xl": 28 } as const;

/** An icon by name; a name nobody knows draws nothing and is logged. */
export function Icon({ node }: { node: WidgetNode }): JSX.Element | null {
  const { host } = useScope();
  const name = text(node.props, "name") ?? "";
  const size = SIZES[oneOf(node.props, "size", Object.keys(SIZES) as (keyof typeof SIZES)[]) ?? "md"];
  const [missing, setMissing] = useState<string>();
  const known = iconName(name) !== null && missing !== name;
  useEffect(() => {
    const report = (): void => {
      host.log("widget.unknown_icon", { name: name.slice(0, 64) });
      setMissing(name);
    };
    if (iconName(name) === null) report();
    else
      hasIcon(name).then(
        (found) => found || report(),
        () => undefined,
      );
  }, [host, name]);
  if (!known) return null;
  const paint = color(node.props.color, "text");
  return (
    <span {...named("icon", { width: `${size}px`, height: `${size}px`, ...(paint && { color: paint }) })}>
      <Drawn name={name} size={size} />
    </span>
  );
}
