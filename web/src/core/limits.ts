/** Which files a page takes: by count, size and type. */
import type { AttachmentOptions } from "./options.ts";

export const DEFAULT_MAX_SIZE = 100 * 1024 * 1024;
export const DEFAULT_MAX_COUNT = 10;

export type Refusal =
  | { readonly code: "attachment.too_large"; readonly limit: number }
  | { readonly code: "attachment.too_many"; readonly limit: number }
  | { readonly code: "attachment.type" };

type FileLike = Pick<File, "name" | "type" | "size">;

/** Why a file is not taken, or null. `count` is how many there are already. */
export function refusal(file: FileLike, count: number, options: AttachmentOptions): Refusal | null {
  if (count >= options.maxCount) return { code: "attachment.too_many", limit: options.maxCount };
  if (!isAccepted(file, options.accept)) return { code: "attachment.type" };
  const limit = sizeLimit(file.type, options.maxSize);
  return file.size > limit ? { code: "attachment.too_large", limit } : null;
}

/** The exact type counts before `type/*`, and that before the fallback `*` or the empty string. */
export function sizeLimit(mime: string, maxSize: AttachmentOptions["maxSize"]): number {
  if (typeof maxSize === "number") return maxSize;
  const type = essence(mime);
  const keys = [type, `${type.split("/")[0]}/*`, "*/*", "*", ""];
  const found = keys.find((key) => Object.hasOwn(maxSize, key));
  return (found === undefined ? undefined : maxSize[found]) ?? DEFAULT_MAX_SIZE;
}

export function isAccepted(file: FileLike, accept: AttachmentOptions["accept"]): boolean {
  if (accept === null || Object.keys(accept).length === 0) return true;
  const type = essence(file.type);
  const name = file.name.toLowerCase();
  return Object.entries(accept).some(
    ([pattern, extensions]) =>
      matches(type, pattern.toLowerCase()) ||
      extensions.some((extension) => name.endsWith(dotted(extension))),
  );
}

function matches(type: string, pattern: string): boolean {
  if (pattern === "*" || pattern === "*/*") return true;
  return pattern.endsWith("/*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

function essence(mime: string): string {
  return (mime.split(";")[0] ?? "").trim().toLowerCase();
}

function dotted(extension: string): string {
  const lower = extension.toLowerCase();
  return lower.startsWith(".") ? lower : `.${lower}`;
}
