/** Keeps password managers away from fields that are none of their business. */
export function autofill(allowed: boolean | undefined, autoComplete?: string): Record<string, string> {
  if (allowed) return autoComplete ? { autocomplete: autoComplete } : {};
  return {
    "data-1p-ignore": "",
    "data-lpignore": "true",
    "data-bwignore": "",
    autocomplete: autoComplete ?? "off",
  };
}
