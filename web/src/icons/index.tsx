import { type Signal, signal } from "@preact/signals";
import type { CSSProperties, JSX } from "preact";
import { paths as core } from "./core.ts";
import { shardOf } from "./shard.ts";

/** How an icon is drawn: path data, filled (the set's own icons) or stroked (Lucide's). */
interface Drawing {
  readonly data: string;
  readonly stroked: boolean;
}

/** `undefined` while it is being looked for, `null` when there is no such icon. */
type Lookup = Drawing | null | undefined;

/** The set has no drawing of its own for these names that widgets in use nevertheless carry. */
const ALIASES: Readonly<Record<string, string>> = {
  x: "close",
  pencil: "edit-pencil",
  send: "arrow-up",
  settings: "settings-slider",
};

/** An entry of a table, and never something of its prototype. */
const entry = (table: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

const found = new Map<string, Signal<Lookup>>();
let more: Promise<Readonly<Record<string, string>>> | undefined;

function loadMore(): Promise<Readonly<Record<string, string>>> {
  more ??= import("./more.ts").then(
    (module) => module.paths,
    (reason: unknown) => {
      more = undefined;
      throw reason;
    },
  );
  return more;
}

async function loadLucide(name: string): Promise<Lookup> {
  const { shards } = await import("virtual:lucide/index");
  const icons = await shards[shardOf(name)]?.();
  const data = icons && entry(icons.default, name);
  return data === undefined ? null : { data, stroked: true };
}

/** Own drawings first; a plain name the set lacks (`chevron-up-down`, `plane`) is looked for among Lucide's. */
async function load(name: string): Promise<Lookup> {
  if (name.startsWith("lucide:")) return loadLucide(name.slice("lucide:".length));
  const data = entry(await loadMore(), name);
  return data === undefined ? loadLucide(name) : { data, stroked: false };
}

function known(name: string): Drawing | undefined {
  const data = entry(core, name);
  return data === undefined ? undefined : { data, stroked: false };
}

function lookUp(name: string): Signal<Lookup> {
  const cached = found.get(name);
  if (cached) return cached;
  const state = signal<Lookup>(known(name));
  found.set(name, state);
  if (state.value === undefined) {
    // A chunk that cannot be loaded (an old page after a deploy) leaves an empty box and may be asked for again.
    load(name).then(
      (drawing) => {
        state.value = drawing;
      },
      () => found.delete(name),
    );
  }
  return state;
}

/** Tells, once known, whether there is an icon of this name. */
export async function hasIcon(name: string): Promise<boolean> {
  const plain = entry(ALIASES, name) ?? name;
  return known(plain) !== undefined || ((await load(plain)) ?? null) !== null;
}

const SHAPE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** The name under which an icon is looked up, or `null` when nothing can be drawn for it. */
export function iconName(name: unknown): string | null {
  if (typeof name !== "string") return null;
  const plain = name.startsWith("lucide:") ? name.slice("lucide:".length) : name;
  if (!SHAPE.test(plain) || plain.length > 64) return null;
  return plain === name ? (entry(ALIASES, name) ?? name) : name;
}

export interface IconProps {
  /** A name of the published set, a Lucide name, or `lucide:<name>`. Unknown names draw nothing. */
  readonly name: string;
  /** Edge length in px, or a CSS length; 1em when absent. */
  readonly size?: number | string | undefined;
  /** Accessible name; without it the icon is decoration. */
  readonly label?: string | undefined;
  readonly class?: string | undefined;
  readonly style?: CSSProperties | undefined;
}

function shapes(drawing: Drawing): { box: string; parts: JSX.Element[] } {
  let box = "24 24";
  const parts: JSX.Element[] = [];
  for (const part of drawing.data.split("|")) {
    if (part.startsWith("@")) box = part.slice(1);
    else if (part.startsWith("!"))
      parts.push(<path fill-rule="evenodd" clip-rule="evenodd" d={part.slice(1)} />);
    else parts.push(<path d={part} />);
  }
  return { box, parts };
}

const STROKED = {
  fill: "none",
  stroke: "currentColor",
  "stroke-width": 2,
  "stroke-linecap": "round",
  "stroke-linejoin": "round",
} as const;

/** An icon of the set, drawn in the text colour. While its drawing loads it keeps its place. */
export function Icon({ name, size = "1em", label, class: className, style }: IconProps): JSX.Element | null {
  const plain = iconName(name);
  const drawing = plain === null ? null : lookUp(plain).value;
  if (drawing === null) return null;
  const { box, parts } = drawing ? shapes(drawing) : { box: "24 24", parts: [] };
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by aria-label, or hidden
    <svg
      class={className ? `ck-icon ${className}` : "ck-icon"}
      data-icon={name}
      width={size}
      height={size}
      viewBox={`0 0 ${box}`}
      style={style}
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" })}
      {...(drawing?.stroked ? STROKED : { fill: "currentColor" })}
    >
      {parts}
    </svg>
  );
}
