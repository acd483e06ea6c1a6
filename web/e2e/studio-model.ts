import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a model was asked: the messages of one request. */
export interface Asked {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

/** A server with the interface of a model, which answers with what is put into `answers`. */
export interface ModelServer {
  readonly address: string;
  readonly asked: Asked[];
  readonly answers: string[];
  close(): void;
}

const PIECE = 40;

function stream(response: ServerResponse, text: string): void {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  const send = (choice: object): void => {
    const chunk = {
      id: "c",
      object: "chat.completion.chunk",
      created: 0,
      model: "drawing-model",
      choices: [choice],
    };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  for (let at = 0; at < text.length; at += PIECE) {
    send({
      index: 0,
      delta: { role: "assistant", content: text.slice(at, at + PIECE) },
      finish_reason: null,
    });
  }
  send({ index: 0, delta: {}, finish_reason: "stop" });
  response.end("data: [DONE]\n\n");
}

export async function startModel(): Promise<ModelServer> {
  const asked: Asked[] = [];
  const answers: string[] = [];
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      asked.push(JSON.parse(body) as Asked);
      const next = answers.shift();
      if (next === undefined) response.writeHead(500).end("{}");
      else stream(response, next);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/v1`, asked, answers, close: () => server.close() };
}
