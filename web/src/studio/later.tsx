import { h, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Chunk } from "../widgets/lazy.tsx";
import { complain } from "./notices.ts";

/** Draws a part of the Studio as soon as its code has been loaded; until then, nothing of the same size. */
export function Later({ of }: { readonly of: Chunk<Record<string, never>> }): JSX.Element {
  const [, redraw] = useState(0);
  useEffect(() => {
    let wanted = true;
    of.request().then(() => {
      if (wanted) redraw((count) => count + 1);
    }, complain);
    return () => {
      wanted = false;
    };
  }, [of]);
  return of.loaded ? h(of.loaded, {}) : <div class="page" aria-busy="true" />;
}
