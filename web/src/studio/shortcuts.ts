import { type Command, FIXED } from "./commands.ts";

export const withKeys = (): readonly Command[] => FIXED.filter((one) => one.keys !== undefined);

const mac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");

const SIGNS: Readonly<Record<string, string>> = mac
  ? {
      Mod: "⌘",
      Shift: "⇧",
      Alt: "⌥",
      ArrowUp: "↑",
      ArrowDown: "↓",
      ArrowLeft: "←",
      ArrowRight: "→",
      Backspace: "⌫",
      Escape: "Esc",
    }
  : { Mod: "Ctrl", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" };

/** A shortcut as this machine's keyboard names it, a key each. */
export function keyNames(keys: string): readonly string[] {
  return keys.split("-").map((key) => SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}

function pressed(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split("-");
  const key = parts.at(-1) ?? "";
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name);
  const same =
    event.key.toLowerCase() === key.toLowerCase() ||
    event.code === `Key${key.toUpperCase()}` ||
    event.code === `Digit${key}`;
  const mod = mac ? event.metaKey : event.ctrlKey;
  return same && mod === wants("Mod") && event.altKey === wants("Alt") && event.shiftKey === wants("Shift");
}

/** Carries out the shortcut that was pressed; texts that are typed elsewhere keep their own undo. */
export function onShortcut(event: KeyboardEvent): void {
  const target = event.composedPath()[0];
  const field =
    target instanceof HTMLElement && (target.tagName === "INPUT" || target.tagName === "TEXTAREA");
  for (const command of FIXED) {
    if (!command.keys || !pressed(event, command.keys) || !(command.when?.() ?? true)) continue;
    if (event.defaultPrevented || (field && (command.id === "undo" || command.id === "redo"))) return;
    event.preventDefault();
    event.stopPropagation();
    command.run();
    return;
  }
}
