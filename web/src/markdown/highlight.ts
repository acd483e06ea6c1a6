import type { HLJSApi, LanguageFn } from "highlight.js";

/** Coloured code: text, or a span with a class. */
export type CodeNode = string | { scope: string; children: readonly CodeNode[] };

export type Highlight = (code: string) => readonly CodeNode[];

type Module = { default: LanguageFn };

const LANGUAGES: Readonly<Record<string, () => Promise<Module>>> = {
  bash: () => import("highlight.js/lib/languages/bash"),
  c: () => import("highlight.js/lib/languages/c"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  csharp: () => import("highlight.js/lib/languages/csharp"),
  css: () => import("highlight.js/lib/languages/css"),
  dart: () => import("highlight.js/lib/languages/dart"),
  diff: () => import("highlight.js/lib/languages/diff"),
  dockerfile: () => import("highlight.js/lib/languages/dockerfile"),
  elixir: () => import("highlight.js/lib/languages/elixir"),
  go: () => import("highlight.js/lib/languages/go"),
  graphql: () => import("highlight.js/lib/languages/graphql"),
  haskell: () => import("highlight.js/lib/languages/haskell"),
  http: () => import("highlight.js/lib/languages/http"),
  ini: () => import("highlight.js/lib/languages/ini"),
  java: () => import("highlight.js/lib/languages/java"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  json: () => import("highlight.js/lib/languages/json"),
  julia: () => import("highlight.js/lib/languages/julia"),
  kotlin: () => import("highlight.js/lib/languages/kotlin"),
  latex: () => import("highlight.js/lib/languages/latex"),
  less: () => import("highlight.js/lib/languages/less"),
  lua: () => import("highlight.js/lib/languages/lua"),
  makefile: () => import("highlight.js/lib/languages/makefile"),
  markdown: () => import("highlight.js/lib/languages/markdown"),
  nginx: () => import("highlight.js/lib/languages/nginx"),
  objectivec: () => import("highlight.js/lib/languages/objectivec"),
  perl: () => import("highlight.js/lib/languages/perl"),
  php: () => import("highlight.js/lib/languages/php"),
  powershell: () => import("highlight.js/lib/languages/powershell"),
  python: () => import("highlight.js/lib/languages/python"),
  r: () => import("highlight.js/lib/languages/r"),
  ruby: () => import("highlight.js/lib/languages/ruby"),
  rust: () => import("highlight.js/lib/languages/rust"),
  scala: () => import("highlight.js/lib/languages/scala"),
  scss: () => import("highlight.js/lib/languages/scss"),
  sql: () => import("highlight.js/lib/languages/sql"),
  swift: () => import("highlight.js/lib/languages/swift"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  xml: () => import("highlight.js/lib/languages/xml"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};

const ALIASES: Readonly<Record<string, string>> = {
  sh: "bash",
  shell: "bash",
  zsh: "bash",
  console: "bash",
  "c++": "cpp",
  cc: "cpp",
  h: "cpp",
  hpp: "cpp",
  "c#": "csharp",
  cs: "csharp",
  docker: "dockerfile",
  ex: "elixir",
  golang: "go",
  gql: "graphql",
  hs: "haskell",
  toml: "ini",
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  jsonc: "json",
  json5: "json",
  jl: "julia",
  kt: "kotlin",
  tex: "latex",
  make: "makefile",
  md: "markdown",
  objc: "objectivec",
  pl: "perl",
  ps1: "powershell",
  py: "python",
  python3: "python",
  rb: "ruby",
  rs: "rust",
  ts: "typescript",
  tsx: "typescript",
  html: "xml",
  svg: "xml",
  vue: "xml",
  yml: "yaml",
  postgresql: "sql",
  mysql: "sql",
  sqlite: "sql",
  patch: "diff",
  jinja: "xml",
};

const LABELS: Readonly<Record<string, string>> = {
  c: "C",
  cpp: "C++",
  csharp: "C#",
  css: "CSS",
  graphql: "GraphQL",
  html: "HTML",
  http: "HTTP",
  ini: "INI",
  javascript: "JavaScript",
  js: "JavaScript",
  json: "JSON",
  latex: "LaTeX",
  php: "PHP",
  sql: "SQL",
  scss: "SCSS",
  toml: "TOML",
  typescript: "TypeScript",
  ts: "TypeScript",
  tsx: "TSX",
  jsx: "JSX",
  xml: "XML",
  yaml: "YAML",
  yml: "YAML",
  objectivec: "Objective-C",
  powershell: "PowerShell",
  py: "Python",
  sh: "Shell",
  svg: "SVG",
  r: "R",
  rb: "Ruby",
  rs: "Rust",
  md: "Markdown",
  kt: "Kotlin",
};

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The language as a heading shows it. */
export function languageLabel(language: string): string {
  const name = language.toLowerCase();
  return own(LABELS, name) ?? (name === "" ? "" : name.charAt(0).toUpperCase() + name.slice(1));
}

interface EmitterNode {
  scope?: string;
  language?: string;
  children: readonly (EmitterNode | string)[];
}

/** `title.function_` becomes `hljs-title function_`, the names style sheets know. */
function classFor(scope: string): string {
  const [head = "", ...rest] = scope.split(".");
  return [`hljs-${head}`, ...rest.map((part, depth) => part + "_".repeat(depth + 1))].join(" ");
}

function convert(node: EmitterNode | string): readonly CodeNode[] {
  if (typeof node === "string") return [node];
  const children = node.children.flatMap(convert);
  return node.scope ? [{ scope: classFor(node.scope), children }] : children;
}

function rootOf(emitter: unknown): EmitterNode {
  return (emitter as { rootNode: EmitterNode }).rootNode;
}

let core: Promise<HLJSApi> | undefined;
const loaded = new Map<string, Promise<Highlight | undefined>>();

async function loadLanguage(name: string, source: () => Promise<Module>): Promise<Highlight> {
  core ??= import("highlight.js/lib/core").then((module) => module.default);
  const [hljs, grammar] = await Promise.all([core, source()]);
  hljs.registerLanguage(name, grammar.default);
  return (code) => convert(rootOf(hljs.highlight(code, { language: name, ignoreIllegals: true })._emitter));
}

/** The highlighter of a language, loaded once; `undefined` for a language without one or when loading fails. */
export function loadHighlighter(language: string): Promise<Highlight | undefined> {
  const given = language.toLowerCase();
  const name = own(ALIASES, given) ?? given;
  const source = own(LANGUAGES, name);
  if (!source) return Promise.resolve(undefined);
  const known = loaded.get(name);
  if (known) return known;
  const promise = loadLanguage(name, source).catch(() => {
    loaded.delete(name);
    core = undefined;
    return undefined;
  });
  loaded.set(name, promise);
  return promise;
}
