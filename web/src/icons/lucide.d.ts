declare module "virtual:lucide/index" {
  export const shards: readonly (() => Promise<{ default: Record<string, string> }>)[];
}
