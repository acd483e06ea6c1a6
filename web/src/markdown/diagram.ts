import type { DrawingAnswer, DrawingOrder } from "../mermaid/messages.ts";
import { buildSvg } from "./diagram_svg.ts";

type Wanted = Omit<DrawingOrder, "id">;

interface Waiting {
  readonly order: DrawingOrder;
  readonly done: (answer: DrawingAnswer) => void;
}

/** The page of `mermaid.html`, in a frame that has no origin: what is drawn in there can reach nothing. */
class DrawingFrame {
  readonly #waiting = new Map<number, Waiting>();
  readonly #frame: HTMLIFrameElement;
  readonly #library: string;
  #port: MessagePort | null = null;
  #count = 0;

  constructor(library: string) {
    this.#library = library;
    this.#frame = document.createElement("iframe");
    this.#frame.setAttribute("sandbox", "allow-scripts");
    this.#frame.setAttribute("aria-hidden", "true");
    this.#frame.tabIndex = -1;
    const { style } = this.#frame;
    for (const [name, value] of Object.entries(OUT_OF_SIGHT)) style.setProperty(name, value, "important");
    // A frame that is moved in the document loads again: what was not answered is asked again.
    this.#frame.addEventListener("load", () => this.#connect());
    this.#frame.src = new URL("../mermaid.html", SCRIPT).href;
  }

  /** Brings the frame into a document it is not in. */
  attach(root: Node): void {
    if (!this.#frame.isConnected) root.appendChild(this.#frame);
  }

  ask(wanted: Wanted): Promise<DrawingAnswer> {
    this.#count += 1;
    const order = { ...wanted, id: this.#count };
    return new Promise((done) => {
      this.#waiting.set(order.id, { order, done });
      this.#port?.postMessage(order);
    });
  }

  #connect(): void {
    const { port1, port2 } = new MessageChannel();
    this.#port?.close();
    this.#port = port1;
    port1.onmessage = ({ data }: MessageEvent<DrawingAnswer>) => this.#answered(data);
    this.#frame.contentWindow?.postMessage(this.#library, "*", [port2]);
    for (const { order } of this.#waiting.values()) port1.postMessage(order);
  }

  #answered(answer: DrawingAnswer): void {
    this.#waiting.get(answer.id)?.done(answer);
    this.#waiting.delete(answer.id);
  }
}

const SCRIPT = import.meta.url;

const OUT_OF_SIGHT = {
  position: "fixed",
  inset: "0 auto auto 0",
  width: "1200px",
  height: "900px",
  border: "0",
  opacity: "0",
  "pointer-events": "none",
  "z-index": "-1",
};

const frames = new Map<string, DrawingFrame>();

/** The diagram as nodes. Throws an error with Mermaid's words when the source cannot be drawn. */
export async function drawDiagram(library: string, root: Node, wanted: Wanted): Promise<SVGElement> {
  const frame = frames.get(library) ?? new DrawingFrame(library);
  frames.set(library, frame);
  frame.attach(root);
  const answer = await frame.ask(wanted);
  if ("failed" in answer) throw new Error(answer.failed);
  const drawing = buildSvg(answer.tree);
  if (!drawing) throw new Error("The diagram could not be drawn");
  return drawing;
}
