import type { Signal } from "@preact/signals";
import type { JSX } from "preact";

/** A line between two panes that is dragged, or moved with the arrow keys. `value` is the share of the first pane. */
export function Splitter(props: {
  readonly label: string;
  readonly value: Signal<number>;
  readonly across: "x" | "y";
  readonly min?: number;
  readonly max?: number;
}): JSX.Element {
  const { label, value, across, min = 0.2, max = 0.8 } = props;
  const set = (share: number): void => {
    value.value = Math.max(min, Math.min(max, share));
  };
  const onPointerDown = (event: PointerEvent): void => {
    const line = event.currentTarget as HTMLElement;
    const around = line.parentElement?.getBoundingClientRect();
    if (!around) return;
    line.setPointerCapture(event.pointerId);
    event.preventDefault();
    const move = (moved: PointerEvent): void =>
      set(
        across === "x"
          ? (moved.clientX - around.left) / around.width
          : (moved.clientY - around.top) / around.height,
      );
    const stop = (): void => {
      line.removeEventListener("pointermove", move);
      line.removeEventListener("pointerup", stop);
    };
    line.addEventListener("pointermove", move);
    line.addEventListener("pointerup", stop);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be focused and moved
    <div
      class="splitter"
      data-across={across}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={across === "x" ? "vertical" : "horizontal"}
      aria-valuenow={Math.round(value.value * 100)}
      aria-valuemin={min * 100}
      aria-valuemax={max * 100}
      onPointerDown={onPointerDown}
      onKeyDown={(event) => {
        const less = event.key === "ArrowLeft" || event.key === "ArrowUp";
        const more = event.key === "ArrowRight" || event.key === "ArrowDown";
        if (less || more) set(value.value + (more ? 0.02 : -0.02));
      }}
    />
  );
}
