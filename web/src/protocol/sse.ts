/** One message of a `text/event-stream`: only what the protocol uses. */
export interface SseMessage {
  readonly id: string | null;
  readonly data: string;
}

/** A single message larger than this is not a chat event; the rest of the stream would not fit in memory either. */
const MAX_MESSAGE_CHARS = 32 * 1024 * 1024;

/**
 * Takes a `text/event-stream` apart, whatever the chunk boundaries: inside a character, a line end or a field.
 * Comments, unknown fields, CR, LF and CRLF are read as the HTML standard says; a last message without its blank line is
 * given out by `end()`, because servers of this protocol may close right after it.
 */
export class SseParser {
  readonly #decoder = new TextDecoder("utf-8");
  #rest = "";
  #data: string[] = [];
  #size = 0;
  #id: string | null = null;
  #skipLineFeed = false;

  push(chunk: Uint8Array): SseMessage[] {
    return this.#take(this.#decoder.decode(chunk, { stream: true }));
  }

  end(): SseMessage[] {
    const messages = this.#take(this.#decoder.decode());
    if (this.#rest !== "") this.#line(this.#rest);
    this.#rest = "";
    const last = this.#dispatch();
    return last === null ? messages : [...messages, last];
  }

  #take(text: string): SseMessage[] {
    let input = text;
    // A CR that ended the previous chunk may be the first half of a CRLF.
    if (this.#skipLineFeed && input !== "") {
      if (input.startsWith("\n")) input = input.slice(1);
      this.#skipLineFeed = false;
    }
    const messages: SseMessage[] = [];
    let start = 0;
    const ends = /\r\n|\r|\n/g;
    for (let match = ends.exec(input); match !== null; match = ends.exec(input)) {
      const message = this.#line(this.#rest + input.slice(start, match.index));
      if (message !== null) messages.push(message);
      this.#rest = "";
      start = match.index + match[0].length;
    }
    this.#skipLineFeed = input.endsWith("\r");
    this.#rest += input.slice(start);
    this.#limit(this.#rest.length);
    return messages;
  }

  #line(line: string): SseMessage | null {
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) return null;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const raw = colon < 0 ? "" : line.slice(colon + 1);
    const value = raw.startsWith(" ") ? raw.slice(1) : raw;
    if (field === "data") {
      this.#data.push(value);
      this.#size += value.length;
      this.#limit(this.#size);
    } else if (field === "id" && !value.includes("\0")) {
      this.#id = value;
    }
    return null;
  }

  #dispatch(): SseMessage | null {
    const message = this.#data.length === 0 ? null : { id: this.#id, data: this.#data.join("\n") };
    this.#data = [];
    this.#size = 0;
    this.#id = null;
    return message;
  }

  #limit(size: number): void {
    if (size > MAX_MESSAGE_CHARS)
      throw new RangeError(`A stream message is larger than ${MAX_MESSAGE_CHARS} characters`);
  }
}
