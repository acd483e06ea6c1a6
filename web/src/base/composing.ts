/**
 * Whether a key belongs to an input method that is composing. Safari ends the composition before it reports the key that
 * confirmed it; that one carries key code 229.
 */
export function composing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
