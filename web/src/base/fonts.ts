import type { FontSource } from "./theme.ts";

const users = new Map<string, { face: FontFace; count: number }>();

function keyOf(source: FontSource): string {
  return JSON.stringify([source.family, source.src, source.weight, source.style, source.unicodeRange]);
}

function faceOf(source: FontSource): FontFace {
  const address = new URL(source.src, document.baseURI).href;
  return new FontFace(source.family, `url(${JSON.stringify(address)})`, {
    display: source.display ?? "swap",
    ...(source.weight === undefined ? {} : { weight: String(source.weight) }),
    ...(source.style === undefined ? {} : { style: source.style }),
    ...(source.unicodeRange === undefined ? {} : { unicodeRange: source.unicodeRange }),
  });
}

/**
 * Makes fonts known to the document, since a shadow root cannot hold `@font-face`. Returns what takes them away again.
 * A source that is not usable is reported and left out.
 */
export function loadFonts(sources: readonly FontSource[], report: (error: Error) => void): () => void {
  const keys: string[] = [];
  for (const source of sources) {
    const key = keyOf(source);
    const user = users.get(key);
    if (user) user.count++;
    else {
      try {
        const face = faceOf(source);
        document.fonts.add(face);
        users.set(key, { face, count: 1 });
        face
          .load()
          .catch((reason: unknown) => report(reason instanceof Error ? reason : new Error(String(reason))));
      } catch (reason) {
        report(
          new Error(`theme.typography.fontSources: "${source.family}" cannot be used`, { cause: reason }),
        );
        continue;
      }
    }
    keys.push(key);
  }
  return () => {
    for (const key of keys.splice(0)) {
      const user = users.get(key);
      if (!user || --user.count > 0) continue;
      document.fonts.delete(user.face);
      users.delete(key);
    }
  };
}
