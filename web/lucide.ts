import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Plugin } from "vite";
import { SHARDS, shardOf } from "./src/icons/shard.ts";

// Lucide has some two thousand icons. A file each would drown the distribution and a single file would cost
// 100 kB for one icon, so they are dealt out to a few modules by a hash of the name.

const PREFIX = "virtual:lucide/";
const folder = join(createRequire(import.meta.url).resolve("lucide-static/package.json"), "../icons");

type Attributes = Record<string, string>;

const number = (attributes: Attributes, name: string): number => Number(attributes[name] ?? 0);

function ellipse(cx: number, cy: number, rx: number, ry: number): string {
  return `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0Z`;
}

function rectangle(a: Attributes): string {
  const r = number(a, a.rx ? "rx" : "ry");
  const [w, h] = [number(a, "width") - 2 * r, number(a, "height") - 2 * r];
  const corner = (dx: number, dy: number) => (r ? `a${r} ${r} 0 0 1 ${dx} ${dy}` : "");
  return `M${number(a, "x") + r} ${number(a, "y")}h${w}${corner(r, r)}v${h}${corner(-r, r)}h${-w}${corner(-r, -r)}v${-h}${corner(r, -r)}Z`;
}

const shapes: Record<string, (a: Attributes) => string> = {
  path: (a) => a.d ?? "",
  circle: (a) => ellipse(number(a, "cx"), number(a, "cy"), number(a, "r"), number(a, "r")),
  ellipse: (a) => ellipse(number(a, "cx"), number(a, "cy"), number(a, "rx"), number(a, "ry")),
  rect: rectangle,
  line: (a) => `M${a.x1} ${a.y1}L${a.x2} ${a.y2}`,
  polyline: (a) => `M${a.points}`,
  polygon: (a) => `M${a.points}Z`,
};

/** Every shape of an icon as path data, joined by "|". */
function drawing(svg: string): string {
  const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1);
  const parts: string[] = [];
  for (const [, tag = "", text = ""] of body.matchAll(/<(\w+)([^>]*)\/>/g)) {
    const shape = shapes[tag];
    if (!shape) throw new Error(`lucide: cannot draw <${tag}>`);
    parts.push(
      shape(Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, k, v]) => [k, v]))),
    );
  }
  return parts.join("|");
}

function shard(index: number): Record<string, string> {
  const icons: Record<string, string> = {};
  for (const file of readdirSync(folder).sort()) {
    const name = file.slice(0, -".svg".length);
    if (shardOf(name) === index) icons[name] = drawing(readFileSync(join(folder, file), "utf8"));
  }
  return icons;
}

/** `virtual:lucide/N` exports the drawings whose name falls into shard N; `virtual:lucide/index` loads them. */
export function lucide(): Plugin {
  return {
    name: "chatkit:lucide",
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const rest = id.slice(PREFIX.length + 1);
      if (rest !== "index") return `export default ${JSON.stringify(shard(Number(rest)))};`;
      const loaders = Array.from({ length: SHARDS }, (_, n) => `() => import("${PREFIX}${n}")`);
      return `export const shards = [${loaders.join(",")}];`;
    },
  };
}
