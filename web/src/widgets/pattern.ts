import { useLayoutEffect } from "preact/hooks";

/** Whether the whole text fits; an expression that cannot be read refuses nothing, as in the browser's own fields. */
function fits(pattern: string, value: string): boolean {
  try {
    return value === "" || new RegExp(`^(?:${pattern})$`, "v").test(value);
  } catch {
    return true;
  }
}

/** The browser's own words, in its own language. */
function complaint(): string {
  const probe = document.createElement("input");
  probe.pattern = "a";
  probe.value = "b";
  return probe.validationMessage || "Please match the requested format.";
}

/** `pattern` for several lines of text, which browsers only know for one. */
export function usePattern(
  element: { readonly current: HTMLElement | null },
  pattern: string | undefined,
  value: string,
): void {
  useLayoutEffect(() => {
    const field = element.current;
    if (pattern === undefined || !(field instanceof HTMLTextAreaElement)) return;
    field.setCustomValidity(fits(pattern, value) ? "" : complaint());
    return () => field.setCustomValidity("");
  }, [element, pattern, value]);
}
