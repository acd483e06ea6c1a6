import { activeElement, useMount } from "../base/index.ts";

const FIELDS = /^(?:text|search|email|password|tel|url|number|date|time|datetime-local|month|week)$/;

/** What is written in it; `undefined` when nobody can write there. */
function written(element: HTMLElement): string | undefined {
  if (element instanceof HTMLTextAreaElement) return element.value;
  if (element instanceof HTMLInputElement) return FIELDS.test(element.type) ? element.value : undefined;
  return element.isContentEditable ? element.textContent.trim() : undefined;
}

/** Somebody writes there: in a field of the page around, or in one of the chat that is not empty. */
function writing(field: HTMLElement): boolean {
  const active = activeElement();
  if (!active) return false;
  const text = written(active);
  return text !== undefined && (text !== "" || active.getRootNode() !== field.getRootNode());
}

/** `autoFocus`: a field that appears gets the focus, unless that would take it from somebody who writes. */
export function useAutoFocus(element: { readonly current: HTMLElement | null }, wanted: boolean): void {
  useMount(() => {
    const field = element.current;
    if (wanted && field && !writing(field)) field.focus({ preventScroll: true });
  });
}
