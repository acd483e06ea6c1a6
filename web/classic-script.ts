import { posix } from "node:path";
import type { Plugin, Rolldown } from "vite";

type Chunk = Rolldown.OutputChunk;

const EXPORTS = /export\s*\{([^}]*)\};?\s*(?=(?:\/\/# sourceMappingURL.*)?\s*$)/;
const IMPORT_NAMES = /\bimport\s*\{([^}]*)\}\s*from\s*(["'`])([^"'`]+)\2;?/g;
const IMPORT_ONLY = /\bimport\s*(["'`])(\.[^"'`]+)\1;?/g;
const IMPORT_LAZY = /\bimport\((["'`])(\.[^"'`]+)\1\)/g;

/**
 * Turns the entry of an ES build into one classic script, so that a page needs only `<script src async>`.
 *
 * The entry and every chunk it needs at once become scopes inside one function. Lazy chunks stay ES modules; they cannot
 * import a classic script, so the scopes leave their exports on `globalThis` under a symbol and the chunks read them there.
 * And since a classic script from another origin has no base address for `import()`, every chunk is addressed from the
 * script's own `src`.
 */
export function classicScript(entry: string, tag: string): Plugin {
  const registry = `globalThis[Symbol.for(${JSON.stringify(`chatkit:${entry}`)})]`;
  return {
    name: "chatkit:classic-script",
    enforce: "post",
    generateBundle(_options, bundle) {
      const chunks = new Map(
        Object.values(bundle)
          .filter((output) => output.type === "chunk")
          .map((chunk) => [chunk.fileName, chunk]),
      );
      const first = chunks.get(entry);
      if (first === undefined) throw new Error(`The build has no ${entry}`);
      const initial = inOrder(first, chunks);
      const names = new Set(initial.map(({ fileName }) => fileName));
      const scopes = initial.map((chunk) => scopeOf(chunk, names)).join("\n");
      for (const chunk of chunks.values()) {
        if (!names.has(chunk.fileName)) chunk.code = readInitial(chunk, names, registry);
        else if (chunk !== first) delete bundle[chunk.fileName];
      }
      first.code =
        `(()=>{"use strict";if(customElements.get(${JSON.stringify(tag)}))return;` +
        'const __base=new URL("./",document.currentScript?.src||document.baseURI).href;' +
        `const __chunks=${registry}={};\n${scopes}\n})();\n`;
    },
  };
}

/** The entry and what it imports statically, dependencies first. */
function inOrder(entry: Chunk, chunks: ReadonlyMap<string, Chunk>): Chunk[] {
  const order: Chunk[] = [];
  const visit = (chunk: Chunk, path: readonly string[]): void => {
    if (order.includes(chunk)) return;
    if (path.includes(chunk.fileName))
      throw new Error(`Chunks import each other: ${[...path, chunk.fileName].join(" → ")}`);
    for (const name of chunk.imports) {
      const imported = chunks.get(name);
      if (imported === undefined)
        throw new Error(`${chunk.fileName} imports ${name}, which is not part of the build`);
      visit(imported, [...path, chunk.fileName]);
    }
    order.push(chunk);
  };
  visit(entry, []);
  return order;
}

function scopeOf(chunk: Chunk, initial: ReadonlySet<string>): string {
  const exported = EXPORTS.exec(chunk.code)?.[1] ?? "";
  const getters = exported
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [local, name = local] = pair.split(/\s+as\s+/);
      return `get ${name}(){return ${local}}`;
    });
  const code = readInitial({ ...chunk, code: chunk.code.replace(EXPORTS, "") }, initial, "__chunks")
    .replaceAll(
      IMPORT_LAZY,
      (_all, _quote, path: string) => `import(__base+${JSON.stringify(resolved(chunk, path))})`,
    )
    .replaceAll("import.meta.url", `(__base+${JSON.stringify(chunk.fileName)})`);
  return `__chunks[${JSON.stringify(chunk.fileName)}]=(()=>{${code}\nreturn{${getters.join(",")}}})();`;
}

/** Static imports of initial chunks become reads of what they have left behind. */
function readInitial(
  chunk: Pick<Chunk, "code" | "fileName">,
  initial: ReadonlySet<string>,
  registry: string,
): string {
  const isInitial = (path: string): boolean => initial.has(resolved(chunk, path));
  return chunk.code
    .replaceAll(IMPORT_NAMES, (all, names: string, _quote, path: string) =>
      isInitial(path)
        ? `const{${names.replaceAll(/\s+as\s+/g, ":")}}=${registry}[${JSON.stringify(resolved(chunk, path))}];`
        : all,
    )
    .replaceAll(IMPORT_ONLY, (all, _quote, path: string) => (isInitial(path) ? "" : all));
}

function resolved(chunk: Pick<Chunk, "fileName">, path: string): string {
  return posix.join(posix.dirname(chunk.fileName), path);
}
