import type { JSX } from "preact";
import { useContext, useState } from "preact/hooks";
import { blockStyle } from "../../box-style.ts";
import { background } from "../../css-values.ts";
import type { WidgetNode } from "../../node.ts";
import { flag, oneOf, text } from "../../props.ts";
import { DirectionContext, useScope } from "../../scope.ts";
import { imageUrl } from "../../url.ts";
import { named } from "../element.ts";

const FITS = ["cover", "contain", "fill", "scale-down", "none"] as const;
const POSITIONS = [
  "top left",
  "top",
  "top right",
  "left",
  "center",
  "right",
  "bottom left",
  "bottom",
  "bottom right",
] as const;
const SIZED = ["width", "height", "size", "flex", "aspectRatio", "minWidth", "minHeight", "minSize"];

/** Edge of a picture in a row that does not say how large it is. */
const THUMBNAIL = "40px";

/** A picture. It never tells the page's address to the host it comes from; a broken one leaves a quiet box. */
export function Image({ node }: { node: WidgetNode }): JSX.Element | null {
  const { props } = node;
  const { host } = useScope();
  const direction = useContext(DirectionContext);
  const source = imageUrl(props.src);
  const [broken, setBroken] = useState<string | undefined>();
  if (source === undefined) {
    host.log("widget.invalid_prop", { component: "Image", prop: "src" });
    return null;
  }
  const { objectFit = "cover", objectPosition = "center" } = {
    objectFit: oneOf(props, "fit", FITS),
    objectPosition: oneOf(props, "position", POSITIONS),
  };
  const style = { ...blockStyle(props), ...background(props.background), objectFit, objectPosition };
  const bare = direction === "row" && !SIZED.some((name) => props[name] !== undefined);
  return (
    <img
      {...named("image", bare ? { ...style, width: THUMBNAIL, height: THUMBNAIL } : style)}
      src={source}
      alt={text(props, "alt") ?? ""}
      loading="lazy"
      decoding="async"
      referrerpolicy="no-referrer"
      data-frame={flag(props, "frame") || undefined}
      data-flush={flag(props, "flush") || undefined}
      data-broken={broken === source || undefined}
      onError={() => setBroken(source)}
    />
  );
}
