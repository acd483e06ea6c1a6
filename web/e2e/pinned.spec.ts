import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "./fixtures.ts";

const script = resolve(import.meta.dirname, "../scripts/package.mjs");

function pack(): { folder: string; hashes: Record<string, string> } {
  const target = mkdtempSync(join(tmpdir(), "chatkit-package-"));
  execFileSync(process.execPath, [script, target]);
  const folder = join(target, "chatkit-selfhost-0.1.0");
  return {
    folder,
    hashes: JSON.parse(readFileSync(join(folder, "integrity.json"), "utf8")) as Record<string, string>,
  };
}

test("the package carries licence and hashes, the same each time, and a page that pins the hash works", async ({
  chat,
}) => {
  const { folder, hashes } = pack();
  expect(pack().hashes).toEqual(hashes);
  expect(readFileSync(join(folder, "LICENSE"), "utf8")).toContain("Apache License");
  const others = readFileSync(join(folder, "THIRD_PARTY.txt"), "utf8");
  for (const name of ["marked", "katex", "preact"]) expect(others).toMatch(new RegExp(`^${name} .*MIT`, "m"));
  await chat.goto("/page/empty");
  await chat.page.evaluate(async (integrity) => {
    const tag = document.createElement("script");
    tag.src = "/static/chatkit.js";
    tag.integrity = integrity;
    tag.crossOrigin = "anonymous";
    const loaded = new Promise((resolve, reject) => {
      tag.onload = resolve;
      tag.onerror = reject;
    });
    document.head.append(tag);
    await loaded;
    document.body.append(document.createElement("openai-chatkit"));
    await window.open_();
  }, hashes["chatkit.js"] ?? "");
  await chat.say("say pinned");
  await expect(chat.answer("pinned")).toBeVisible();
});

test("a page that pins another hash gets no element", async ({ chat }) => {
  await chat.goto("/page/empty");
  const outcome = await chat.page.evaluate(async () => {
    const tag = document.createElement("script");
    tag.src = "/static/chatkit.js";
    tag.integrity = `sha384-${"A".repeat(64)}`;
    const settled = new Promise((resolve) => {
      tag.onload = () => resolve("loaded");
      tag.onerror = () => resolve("refused");
    });
    document.head.append(tag);
    return settled;
  });
  expect(outcome).toBe("refused");
});

test("F175 one script of at most 100 kB gzip is all that a first message needs", async ({ chat }) => {
  const scripts: { url: string; body: Promise<Buffer> }[] = [];
  await chat.page.route("**/static/assets/**", (route) => route.abort());
  chat.page.on("response", (response) => {
    if (response.url().includes("/static/")) scripts.push({ url: response.url(), body: response.body() });
  });
  await chat.open();
  await chat.say("say hello");
  // Without its extras the answer is shown as it was written.
  await expect(chat.answer("hello")).toBeVisible();
  expect(scripts.map(({ url }) => new URL(url).pathname)).toEqual(["/static/chatkit.js"]);
  expect(gzipSync((await scripts[0]?.body) ?? "", { level: 9 }).length).toBeLessThanOrEqual(100_000);
});
