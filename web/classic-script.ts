import type { Plugin, Rolldown } from "vite";

type Chunk = Rolldown.OutputChunk;

const EXPORTS = /export\s*\{([^}]*)\};?\s*(?=(?:\/\/# sourceMappingURL.*)?\s*$)/;

/**
 * Turns the entry chunk of an ES build into a classic script, so that a page needs only `<script src async>`.
 *
 * Lazy chunks stay ES modules. They cannot import a classic script, so the entry leaves its exports on
 * `globalThis` under a symbol and the chunks read them there; and since a classic script loaded from another
 * origin has no base URL for `import()`, every chunk address is resolved against the script's own `src`.
 */
export function classicScript(entry: string, tag: string): Plugin {
  const registry = `globalThis[Symbol.for(${JSON.stringify(`chatkit:${entry}`)})]`;
  return {
    name: "chatkit:classic-script",
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        if (chunk.fileName === entry) wrapEntry(chunk, registry, tag);
        else chunk.code = readEntryFromRegistry(chunk.code, entry, registry);
      }
    },
  };
}

function wrapEntry(chunk: Chunk, registry: string, tag: string): void {
  if (chunk.imports.length > 0) {
    throw new Error(`${chunk.fileName} must stand alone but imports ${chunk.imports.join(", ")}`);
  }
  const exported = EXPORTS.exec(chunk.code)?.[1] ?? "";
  const getters = exported
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [local, name = local] = pair.split(/\s+as\s+/);
      return `get ${name}(){return ${local}}`;
    });
  const body = chunk.code
    .replace(EXPORTS, "")
    .replaceAll(
      /\bimport\((["'`])\.\/([^"'`]+)\1\)/g,
      (_all, _quote, path) => `import(__base+${JSON.stringify(path)})`,
    )
    .replaceAll("import.meta.url", "__src");
  chunk.code =
    `(()=>{"use strict";if(customElements.get(${JSON.stringify(tag)}))return;` +
    `const __src=document.currentScript?.src||document.baseURI,__base=new URL("./",__src).href;` +
    `${body}\n${registry}={${getters.join(",")}};})();\n`;
}

/** `import{a as b}from"../entry.js"` becomes a read of the registry the entry has left behind. */
function readEntryFromRegistry(code: string, entry: string, registry: string): string {
  const file = entry.replaceAll(".", "\\.");
  const statement = new RegExp(`import\\s*\\{([^}]*)\\}\\s*from\\s*(["'\`])(?:\\.\\.?/)+${file}\\2;?`, "g");
  const rewritten = code
    .replaceAll(
      statement,
      (_all, names: string) => `const{${names.replaceAll(/\s+as\s+/g, ":")}}=${registry};`,
    )
    .replaceAll(new RegExp(`import\\s*(["'\`])(?:\\.\\.?/)+${file}\\1;?`, "g"), "");
  if (new RegExp(`from\\s*["'\`](?:\\.\\.?/)+${file}["'\`]`).test(rewritten)) {
    throw new Error(`A chunk imports ${entry} in a way that a classic script cannot serve`);
  }
  return rewritten;
}
