import { call, type State } from "./api.ts";
import { build, drawn, upToDate } from "./building.ts";
import { origin, parseState, source } from "./draft.ts";
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
const statesNow = (): readonly State[] =>
  source.value.states.map((state) => {
    const read = parseState(state.text);
    return { name: state.name, data: "data" in read ? read.data : {} };
  });

/** Python that shows this widget with types for its data, or a test of it with every state. */
async function snippet(kind: "python" | "pytest"): Promise<string> {
  const jsonSchema = build.value?.jsonSchema;
  const { text } = await call("snippet", { kind, file: fileName(), jsonSchema, states: statesNow() });
  return text;
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
    run: () => whenBuilt(() => snippet("python").then((text) => copy(text, "Python"))),
  },
  {
    id: "pytest",
    title: "Copy a test",
    icon: "lucide:flask-conical",
    run: () => whenBuilt(() => snippet("pytest").then((text) => copy(text, "Test"))),
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
