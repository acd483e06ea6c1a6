/** What the Studio's server answers. Calls go to the page's own origin only. */

export type Part = "file" | "view" | "schema" | "data" | "template";
export type Data = Record<string, unknown>;

export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

export interface Diagnostic {
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  readonly part: Part;
  readonly line: number;
  readonly column: number;
  /** Places in UTF-16 units of the part's text. */
  readonly from: number;
  readonly to: number;
  readonly hint?: string;
  readonly path?: string;
  readonly state?: string;
  readonly fixes?: readonly { readonly title: string; readonly edits: readonly Edit[] }[];
}

/** A named set of sample data. */
export interface State {
  readonly name: string;
  readonly data: Data;
}

export interface WidgetDocument {
  readonly id?: string;
  readonly name?: string;
  readonly view?: string;
  readonly schema?: string | null;
  readonly schemaMode?: "zod" | "jsonSchema";
  readonly jsonSchema?: unknown;
  readonly defaultState?: Data;
  readonly states?: readonly unknown[];
}

export interface Opened {
  readonly document: WidgetDocument | null;
  readonly name: string | null;
  readonly template: string | null;
  readonly jsonSchema: unknown;
  readonly diagnostics: readonly Diagnostic[];
  /** Where `document` comes from: it was in the file, or it was written from a template or from a tree of components. */
  readonly origin?: "document" | "template" | "tree" | null;
  /** Why there is nothing to edit; null when there is. */
  readonly reason?: string | null;
}

export interface OpenedFile extends Opened {
  readonly path: string;
  readonly revision: string;
  readonly text: string;
}

export interface GalleryEntry extends Opened {
  readonly id: string;
  readonly text: string;
  readonly widget?: unknown;
}

/** An element of the view: places in UTF-16 units. */
export interface SourceNode {
  readonly id: number;
  readonly tag: string | null;
  readonly from: number;
  readonly to: number;
  readonly open: readonly [number, number];
  readonly inner: readonly [number, number] | null;
  readonly parent: number | null;
  readonly props: Readonly<Record<string, readonly [number, number]>>;
  /** What stands between the tags, in the order of the source: ids of elements, null for anything else. */
  readonly children: readonly (number | null)[];
  /** Whether it stands directly between tags, so that it can change its place. */
  readonly movable: boolean;
}

type Json = string | number | boolean | null;

/** One change of a view, carried out by the compiler. Ids are those of the last build of the same text. */
export type Change =
  | { readonly action: "set"; readonly node: number; readonly name: string; readonly value: Json }
  | { readonly action: "set"; readonly node: number; readonly name: string; readonly source: string }
  | {
      readonly action: "insert";
      readonly parent: number;
      readonly index: number;
      readonly jsx: string;
    }
  | { readonly action: "delete" | "duplicate"; readonly node: number }
  | { readonly action: "wrap"; readonly node: number; readonly tag: string }
  | {
      readonly action: "move";
      readonly node: number;
      readonly parent: number;
      readonly index: number;
    };

export interface Suggestion {
  readonly label: string;
  readonly kind: "component" | "property" | "value" | "variable" | "method" | "function";
  readonly insert: string;
  readonly detail: string;
  readonly doc: string;
  readonly from: number;
  readonly to: number;
}

export interface Settings {
  /** The model that describes widgets; null when none is configured. */
  readonly describe: { readonly model: string } | null;
}

export interface Drawn {
  readonly widget?: unknown;
  readonly preview?: unknown;
  readonly differs?: readonly string[];
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly path?: string;
  };
}

export interface Build {
  readonly ok: boolean;
  readonly template: string | null;
  readonly jsonSchema: unknown;
  readonly diagnostics: readonly Diagnostic[];
  readonly nodes: readonly SourceNode[];
  readonly previewNodes: Readonly<Record<string, number>>;
  readonly drawn: Readonly<Record<string, Drawn>>;
  readonly file: string | null;
}

export interface StreamStep {
  readonly widget?: unknown;
  readonly updates: readonly Data[];
  readonly bytes: number;
  readonly error?: string;
}

export interface PropDefinition {
  readonly name: string;
  readonly kind: { readonly name: string; readonly text: string; readonly schema: Data };
  readonly doc: string;
  readonly required: boolean;
  readonly default: unknown;
}

export interface ComponentDefinition {
  readonly name: string;
  readonly doc: string;
  readonly props: Readonly<Record<string, PropDefinition>>;
  readonly children: "none" | "components" | "one";
  readonly only_children?: readonly string[];
  readonly only_inside?: readonly string[];
  readonly root: boolean;
}

export interface Reference {
  readonly components: readonly ComponentDefinition[];
  readonly roots: readonly string[];
  readonly icons: readonly string[];
}

export interface Calls {
  files: [Record<string, never>, { readonly root: string; readonly files: readonly string[] }];
  open: [{ path: string }, OpenedFile];
  read: [{ text: string }, Opened];
  build: [object, Build];
  stream: [{ definition: unknown; frames: readonly Data[] }, { readonly steps: readonly StreamStep[] }];
  save: [
    { path: string; text: string; revision: string | null },
    { readonly path: string; readonly revision: string },
  ];
  rename: [
    { path: string; to: string; revision: string },
    { readonly path: string; readonly revision: string },
  ];
  remove: [{ path: string; revision: string }, { readonly bin: string }];
  edit: [
    Change & { readonly view: string },
    /** The new text, and the id that the changed element has in it; null when it is gone. */
    { readonly view: string; readonly selected: number | null },
  ];
  complete: [
    { view: string; offset: number; schema?: unknown },
    { readonly completions: readonly Suggestion[] },
  ];
  format: [
    { view: string; schema: string; schemaMode: string },
    { readonly view: string | null; readonly schema: string | null },
  ];
  settings: [Record<string, never>, Settings];
  snippet: [
    {
      kind: "python" | "pytest" | "types";
      file: string;
      jsonSchema: unknown;
      states: readonly State[];
    },
    { readonly text: string },
  ];
  generate: [{ schema: unknown }, { readonly states: readonly State[] }];
  gallery: [Record<string, never>, { readonly widgets: readonly GalleryEntry[] }];
  reference: [Record<string, never>, Reference];
}

/** The server said no; `status` is 0 when it could not be reached at all. */
export class StudioError extends Error {
  override readonly name = "StudioError";
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    readonly hint: string | undefined,
    readonly body: Data,
  ) {
    super(message);
  }
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

export async function refusal(response: Response): Promise<StudioError> {
  const body: Data = await response.json().catch(() => ({}));
  const error = (body.error ?? {}) as Data;
  const message = text(error.message) ?? `The Studio's server answered with status ${response.status}.`;
  return new StudioError(
    message,
    response.status,
    text(error.code) ?? "studio.failed",
    text(error.hint),
    body,
  );
}

/** Asks the server. @throws StudioError */
export async function call<Verb extends keyof Calls>(
  verb: Verb,
  ask: Calls[Verb][0],
): Promise<Calls[Verb][1]> {
  let response: Response;
  try {
    response = await fetch(`/api/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(ask),
    });
  } catch {
    throw new StudioError(
      "The Studio's server does not answer.",
      0,
      "studio.offline",
      "Start it again with `chatkit studio`; drafts are kept in this browser.",
      {},
    );
  }
  if (!response.ok) throw await refusal(response);
  return response.json();
}
