import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "@playwright/test";

export const root = resolve(import.meta.dirname, "../..");
export const images = join(root, "docs/images");

const QUIET = { OPENAI_API_KEY: "", OPENAI_BASE_URL: "", PYTHONUNBUFFERED: "1" };

/** Starts `chatkit` with these arguments over a folder of its own, on a free port, and says where it listens. */
export async function serve(args, environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), "chatkit-pictures-"));
  const server = spawn(join(root, ".venv/bin/python"), ["-m", "chatkit", ...args(folder), "--port", "0"], {
    cwd: root,
    env: { ...process.env, ...QUIET, ...environment },
  });
  const address = await new Promise((found, failed) => {
    let said = "";
    const read = (chunk) => {
      said += chunk;
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (match) found(match[0]);
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.once("exit", () => failed(new Error(said)));
  });
  while (!(await fetch(address).catch(() => null))?.ok) await new Promise((again) => setTimeout(again, 100));
  const stop = () => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  return { address, folder, stop };
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic"],
  });
