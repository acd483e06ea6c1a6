/** How many modules the Lucide icons are dealt out to. */
export const SHARDS = 16;

/** The module that holds the Lucide icon of this name. */
export function shardOf(name: string): number {
  let hash = 0;
  for (let index = 0; index < name.length; index++) {
    hash = (hash * 31 + name.charCodeAt(index)) >>> 0;
  }
  return hash % SHARDS;
}
