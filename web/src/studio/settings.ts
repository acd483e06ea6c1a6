import { effect, type Signal, signal } from "@preact/signals";

const PREFIX = "chatkit-studio.";

/** A value that this browser keeps. */
export function kept<Value>(name: string, initial: Value): Signal<Value> {
  const made = signal(read(name, initial));
  effect(() => write(name, made.value));
  return made;
}

function read<Value>(name: string, initial: Value): Value {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
    return stored !== null && typeof stored === typeof initial ? (stored as Value) : initial;
  } catch {
    return initial;
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

export type Scheme = "light" | "dark";
const system = globalThis.matchMedia?.("(prefers-color-scheme: dark)");

/** What the person chose for the Studio itself; `system` follows the machine. */
export const appearance = kept<"system" | Scheme>("appearance", "system");
export const systemDark = signal(system?.matches ?? false);
system?.addEventListener("change", (event) => {
  systemDark.value = event.matches;
});
export const appScheme = (): Scheme =>
  appearance.value === "system" ? (systemDark.value ? "dark" : "light") : appearance.value;

/** Of the preview; `app` follows the Studio. */
export const previewScheme = kept<"app" | Scheme>("preview.scheme", "app");
export const frame = kept<"chat" | "alone">("preview.frame", "chat");
export const width = kept("preview.width", 420);
export const density = kept<"compact" | "normal" | "spacious">("preview.density", "normal");
export const radius = kept<"pill" | "round" | "soft" | "sharp">("preview.radius", "pill");
export const accent = kept("preview.accent", "");
export const picking = kept("preview.picking", true);

/** How long a made-up server takes, in ms. */
export const replyDelay = kept("actions.delay", 700);

export const sidebarOpen = kept("layout.sidebar", true);
export const inspectorOpen = kept("layout.inspector", true);
export const codeShare = kept("layout.code", 0.48);
export const viewShare = kept("layout.view", 0.6);
export const drawerHeight = kept("layout.drawer", 240);
export const drawerOpen = kept("layout.drawer-open", false);
export const MIN_WIDTH = 280;
export const MAX_WIDTH = 960;

export type DrawerTab = "problems" | "actions" | "stream" | "output" | "describe";
export const drawerTab = signal<DrawerTab>("problems");
export type LowerTab = "data" | "schema";
export const lowerTab = signal<LowerTab>("data");
