import { build, drawn, upToDate } from "./building.ts";
import { activeState, origin, parseState, source } from "./draft.ts";
import { complain, notify } from "./notices.ts";
import { pngOf, svgOf } from "./picture.ts";

export interface Export {
  readonly id: string;
  readonly title: string;
  readonly icon: string;
  readonly run: () => void;
}

async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(`${what} copied`, "success");
  } catch {
    notify("The browser does not allow copying here.", "danger");
  }
}

export function download(name: string, data: Blob): void {
  const address = URL.createObjectURL(data);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

const fileName = (): string => origin.value?.path?.split("/").at(-1) ?? "widget.widget";
const stem = (): string => fileName().replace(/\.widget$/, "");
const identifier = (): string => stem().replace(/\W+/g, "_").replace(/^(\d)/, "_$1") || "widget";

const className = (): string => {
  const words = stem().split(/\W+/).filter(Boolean);
  return words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("") || "Widget";
};

type Schema = Readonly<Record<string, unknown>>;
const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const PLAIN: Readonly<Record<string, string>> = {
  string: "str",
  number: "float",
  integer: "int",
  boolean: "bool",
  null: "None",
};
const camel = (name: string): string =>
  name.replace(/(?:^|[^a-zA-Z0-9])([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Typed dictionaries for a schema, the outermost last. */
export function typedDicts(schema: unknown, name: string): { readonly code: string; readonly type: string } {
  const classes: string[] = [];
  const type = pythonType(schema, name, classes);
  return { code: classes.join("\n\n\n"), type };
}

function pythonType(schema: unknown, name: string, classes: string[]): string {
  if (!isSchema(schema)) return "Any";
  if (Array.isArray(schema.enum))
    return `Literal[${schema.enum.map((one) => JSON.stringify(one)).join(", ")}]`;
  if ("const" in schema) return `Literal[${JSON.stringify(schema.const)}]`;
  const either = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(either))
    return [...new Set(either.map((one, at) => pythonType(one, `${name}${at + 1}`, classes)))].join(" | ");
  if (schema.type === "array") return `list[${pythonType(schema.items, `${name}Item`, classes)}]`;
  if (schema.type === "object") return dictionary(schema, name, classes);
  return PLAIN[String(schema.type)] ?? "Any";
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

function dictionary(schema: Schema, name: string, classes: string[]): string {
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
  if (properties.length === 0 || properties.some(([key]) => !IDENTIFIER.test(key))) return "dict[str, Any]";
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const lines = properties.map(([key, value]) => {
    const type = pythonType(value, name + camel(key), classes);
    return `    ${key}: ${required.has(key) ? type : `NotRequired[${type}]`}`;
  });
  classes.push(`class ${name}(TypedDict):\n${lines.join("\n")}`);
  return name;
}

const PYTHON = (value: unknown, depth = 0): string => {
  const gap = "    ".repeat(depth + 1);
  const end = "    ".repeat(depth);
  if (Array.isArray(value))
    return value.length === 0
      ? "[]"
      : `[\n${value.map((one) => `${gap}${PYTHON(one, depth + 1)},\n`).join("")}${end}]`;
  if (isSchema(value)) {
    const parts = Object.entries(value).map(
      ([key, one]) => `${gap}${JSON.stringify(key)}: ${PYTHON(one, depth + 1)},\n`,
    );
    return parts.length === 0 ? "{}" : `{\n${parts.join("")}${end}}`;
  }
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return JSON.stringify(value);
};

const dataNow = (): unknown => {
  const read = parseState(activeState.value.text);
  return "data" in read ? read.data : {};
};

/** How a server shows this widget, with types for its data. */
export function pythonSnippet(): string {
  const { code, type } = typedDicts(build.value?.jsonSchema, `${className()}Data`);
  const typing = ["Any", "Literal", "NotRequired", "TypedDict"].filter(
    (one) => code.includes(one) || type.includes(one),
  );
  return `${typing.length > 0 ? `from typing import ${typing.join(", ")}\n\n` : ""}from chatkit.widgets import WidgetTemplate

${identifier()}_template = WidgetTemplate.from_file("${fileName()}")
${code ? `\n\n${code}\n` : ""}

def ${identifier()}(data: ${type}):
    """The widget with this data; pass it to \`stream_widget\`."""
    return ${identifier()}_template.build(data)


example: ${type} = ${PYTHON(dataNow())}
`;
}

/** A test that this widget builds with each of its states. */
export function pytestSnippet(): string {
  const states = source.value.states.map((state) => {
    const read = parseState(state.text);
    return `    pytest.param(${PYTHON("data" in read ? read.data : {}, 1)}, id=${JSON.stringify(state.name)}),\n`;
  });
  return `import pytest

from chatkit.widgets import WidgetTemplate

STATES = [
${states.join("")}]


@pytest.mark.parametrize("data", STATES)
def test_${identifier()}_builds_with_every_state(data):
    widget = WidgetTemplate.from_file("${fileName()}").build(data)

    assert widget.type == ${JSON.stringify((drawn.value?.widget as Schema | undefined)?.type ?? "Card")}
`;
}

/** An address of this Studio that carries the widget in its fragment, which browsers do not send anywhere. */
export async function link(): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(source.value));
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const data = new Uint8Array(await new Response(packed).arrayBuffer());
  const text = btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
  return `${location.origin}/#w=${text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

const MAX_UNPACKED = 4_000_000;

/** The source in such an address, or null. */
export async function unlink(hash: string): Promise<unknown> {
  const packed = /^#w=([\w-]+)$/.exec(hash)?.[1];
  if (!packed) return null;
  try {
    const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (one) =>
      one.charCodeAt(0),
    );
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const text = await limited(stream);
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function limited(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > MAX_UNPACKED) throw new RangeError("The linked widget is too large.");
  }
}

async function whenBuilt(then: () => Promise<void> | void): Promise<void> {
  try {
    await upToDate();
    await then();
  } catch (reason) {
    complain(reason);
  }
}

export const EXPORTS: readonly Export[] = [
  {
    id: "jsx",
    title: "Copy JSX",
    icon: "square-code",
    run: () => whenBuilt(() => copy(source.value.view, "JSX")),
  },
  {
    id: "json",
    title: "Copy JSON",
    icon: "lucide:braces",
    run: () => whenBuilt(() => copy(JSON.stringify(drawn.value?.widget ?? null, null, 2), "JSON")),
  },
  {
    id: "python",
    title: "Copy Python",
    icon: "lucide:file-code",
    run: () => whenBuilt(() => copy(pythonSnippet(), "Python")),
  },
  {
    id: "pytest",
    title: "Copy a test",
    icon: "lucide:flask-conical",
    run: () => whenBuilt(() => copy(pytestSnippet(), "Test")),
  },
  {
    id: "link",
    title: "Copy a link",
    icon: "lucide:link",
    run: () => whenBuilt(async () => copy(await link(), "Link")),
  },
  {
    id: "file",
    title: "Download .widget",
    icon: "lucide:download",
    run: () =>
      whenBuilt(() => {
        const text = build.value?.file;
        if (text) download(fileName(), new Blob([text], { type: "application/json" }));
        else notify("The widget cannot be written while it has errors.", "danger");
      }),
  },
  {
    id: "png",
    title: "Download PNG",
    icon: "square-image",
    run: () => whenBuilt(async () => download(`${stem()}.png`, await pngOf())),
  },
  {
    id: "svg",
    title: "Download SVG",
    icon: "lucide:image-down",
    run: () => whenBuilt(() => download(`${stem()}.svg`, new Blob([svgOf()], { type: "image/svg+xml" }))),
  },
];
