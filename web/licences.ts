import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

// Builds carry code of other people, whose licences ask to go along with every copy. Vite's own list looks at finished
// chunks, and misses what was inlined into a classic script or read by a plugin.

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

const SOURCES: Record<string, string> = { "virtual:lucide/": "lucide-static" };

/** The package a module is of; null for modules of ours. */
function folderOf(id: string, modules: string): string | null {
  for (const [prefix, name] of Object.entries(SOURCES)) {
    if (id.replace("\0", "").startsWith(prefix)) return join(modules, name);
  }
  const [, inside] = id.split(/^.*\/node_modules\//);
  if (inside === undefined || id.startsWith("\0")) return null;
  const parts = inside.split("/");
  const folder = join(modules, ...parts.slice(0, inside.startsWith("@") ? 2 : 1));
  return existsSync(join(folder, "package.json")) ? folder : dirname(id);
}

function entryOf(folder: string): string {
  const told = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Package;
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
  return `${told.name} ${told.version} (${told.license ?? "see its page"})\n\n${text}\n`;
}

/** Writes `licenses.txt`: every package that went into a build, with its licence. */
export function licences(modules: string, fileName: (environment: string) => string): Plugin {
  return {
    name: "chatkit:licences",
    apply: "build",
    generateBundle() {
      const folders = new Set<string>();
      for (const id of this.getModuleIds()) {
        const folder = folderOf(id, modules);
        if (folder !== null) folders.add(folder);
      }
      if (folders.size === 0) return;
      const entries = [...folders].map(entryOf).sort();
      this.emitFile({
        type: "asset",
        fileName: fileName(this.environment.name),
        source: entries.join(`\n${"-".repeat(80)}\n\n`),
      });
    },
  };
}
