/**
 * Every sentence of the interface, in English. A value with `{name}` takes a variable; one with forms
 * separated by ` | ` is chosen by the language's plural rules, in the order zero? one two few many other
 * that the language uses.
 */
export const en = {
  "code.copy": "Copy code",
  "code.copied": "Copied",
  "image.open": "Enlarge image",
  "image.blocked": "Image from {host}",
  "table.label": "Table",
} as const;

export type MessageKey = keyof typeof en;
