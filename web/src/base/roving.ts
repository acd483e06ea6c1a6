/** The index the arrow keys, Home, End or a typed letter lead to, or `null` when the key is none of these. */
export function nextIndex(
  key: string,
  current: number,
  labels: readonly string[],
  options: { readonly horizontal?: boolean; readonly typed?: string } = {},
): number | null {
  const count = labels.length;
  if (count === 0) return null;
  const [forward, back] = options.horizontal ? ["ArrowRight", "ArrowLeft"] : ["ArrowDown", "ArrowUp"];
  if (key === forward) return (current + 1) % count;
  if (key === back) return (Math.max(current, 0) - 1 + count) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (options.typed) return findTyped(options.typed, current, labels);
  return null;
}

function findTyped(typed: string, current: number, labels: readonly string[]): number | null {
  // A single repeated letter walks through the entries that begin with it.
  const needle = typed.toLocaleLowerCase();
  const start = typed.length === 1 ? current + 1 : Math.max(current, 0);
  for (let step = 0; step < labels.length; step++) {
    const index = (start + step) % labels.length;
    if (labels[index]?.toLocaleLowerCase().startsWith(needle)) return index;
  }
  return null;
}

/** Collects letters typed in quick succession. */
export function createTypeahead(pause = 700): (key: string) => string {
  let typed = "";
  let last = 0;
  return (key) => {
    if (key.length !== 1 || key === " ") return "";
    const now = performance.now();
    typed = now - last > pause || typed === key ? key : typed + key;
    last = now;
    return typed;
  };
}
