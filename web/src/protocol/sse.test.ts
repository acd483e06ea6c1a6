import fc from "fast-check";
import { expect, test } from "vitest";
import { type SseMessage, SseParser } from "./sse.ts";

const encoder = new TextEncoder();

function parse(chunks: readonly Uint8Array[]): SseMessage[] {
  const parser = new SseParser();
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()];
}

const whole = (text: string) => parse([encoder.encode(text)]);

test("F036 a stream split at every byte gives the same messages", () => {
  const text = 'id: r:1\r\ndata: {"a":"é漢😀"}\r\n\r\n: ping\n\ndata: one\ndata: two\n\ndata:last';
  const bytes = encoder.encode(text);
  const expected = whole(text);
  expect(expected).toEqual([
    { id: "r:1", data: '{"a":"é漢😀"}' },
    { id: null, data: "one\ntwo" },
    { id: null, data: "last" },
  ]);
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(parse([bytes.slice(0, cut), bytes.slice(cut)]), `cut at ${cut}`).toEqual(expected);
  }
  expect(parse([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
});

test("F036 any text cut anywhere, with any line ends, comes out whole", () => {
  const line = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n]/.test(text));
  const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
  fc.assert(
    fc.property(
      fc.array(fc.array(line, { minLength: 1, maxLength: 3 })),
      lineEnd,
      fc.integer({ min: 1, max: 7 }),
      (messages, eol, size) => {
        const bytes = encoder.encode(
          messages.map((lines) => lines.map((text) => `data: ${text}${eol}`).join("") + eol).join(""),
        );
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
        expect(parse(chunks).map(({ data }) => data)).toEqual(messages.map((lines) => lines.join("\n")));
      },
    ),
  );
});

test.each([
  ["F037 CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]],
  ["F037 lone CR", "data: a\r\rdata: b\r\r", ["a", "b"]],
  ["F037 comments and heartbeats", ": ping\n\n:\n\ndata: a\n\n", ["a"]],
  ["F037 several data lines", "data: a\ndata:\ndata: b\n\n", ["a\n\nb"]],
  ["F037 no blank line at the end", "data: a\n\ndata: b", ["a", "b"]],
  ["only the first space after the colon goes", "data:  a\n\n", [" a"]],
  ["fields nobody knows are passed over", "event: x\nretry: 3\nfoo\ndata: a\n\n", ["a"]],
  ["a byte order mark is no part of the first field", "\uFEFFdata: a\n\n", ["a"]],
  ["blank lines alone say nothing", "\n\n\n", []],
])("%s", (_name, text, expected) => {
  expect(whole(text).map(({ data }) => data)).toEqual(expected);
});

test("an id belongs to its own message only", () => {
  expect(whole("id: r:1\ndata: a\n\ndata: b\n\n")).toEqual([
    { id: "r:1", data: "a" },
    { id: null, data: "b" },
  ]);
});

test("a message without end is refused instead of filling the memory", () => {
  const parser = new SseParser();
  const chunk = encoder.encode("data: ".padEnd(1024 * 1024, "x"));
  expect(() => {
    for (let count = 0; count < 40; count++) parser.push(chunk);
  }).toThrow(RangeError);
});
