import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { preview } from "vite";

/** Serves a page that `build_apps.ts` has built, while it is used. */
export async function serveBuilt(
  name: "screens" | "gallery",
  use: (origin: string) => Promise<void>,
): Promise<void> {
  const server = await preview({
    configFile: false,
    logLevel: "error",
    build: { outDir: resolve(import.meta.dirname, ".built", name) },
    preview: { port: 0, host: "127.0.0.1" },
  });
  const { port } = server.httpServer.address() as AddressInfo;
  await use(`http://127.0.0.1:${port}`);
  await server.close();
}
