import type { JSX } from "preact";

/** A turning ring in the text colour. Give a label where nothing else tells that something is under way. */
export function Spinner({
  size,
  label,
}: {
  size?: number | undefined;
  label?: string | undefined;
}): JSX.Element {
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by aria-label, or hidden
    <svg
      class="ck-spinner"
      viewBox="0 0 16 16"
      width={size ?? "1em"}
      height={size ?? "1em"}
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" })}
    >
      <circle cx="8" cy="8" r="6.5" opacity=".2" />
      <path d="M8 1.5a6.5 6.5 0 0 1 6.5 6.5" />
    </svg>
  );
}
