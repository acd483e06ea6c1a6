import { type ComponentType, h, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useScope } from "./scope.ts";

/** A component in a file of its own that is loaded when it is first needed. */
export interface Chunk<Props> {
  loaded: ComponentType<Props> | undefined;
  request(): Promise<ComponentType<Props>>;
  /** Begins to load, because it will probably be needed. */
  prefetch(): void;
}

export function chunk<Props>(load: () => Promise<ComponentType<Props>>): Chunk<Props> {
  let promise: Promise<ComponentType<Props>> | undefined;
  const result: Chunk<Props> = {
    loaded: undefined,
    request() {
      promise ??= load().then(
        (component) => {
          result.loaded = component;
          return component;
        },
        (reason: unknown) => {
          // The next one who needs it tries again: an old page after a deploy, a line that was down.
          promise = undefined;
          throw reason;
        },
      );
      return promise;
    },
    prefetch() {
      result.request().catch(() => undefined);
    },
  };
  return result;
}

/** Draws a chunk's component as soon as it is there. */
export function Lazy<Props extends object>({
  of,
  props,
}: {
  of: Chunk<Props>;
  props: Props;
}): JSX.Element | null {
  const { host } = useScope();
  const [, redraw] = useState(0);
  const drawn = of.loaded !== undefined;
  useEffect(() => {
    // Not `of.loaded`: what was prefetched may have come between the drawing and this effect.
    if (drawn) return;
    let wanted = true;
    of.request().then(
      () => {
        if (wanted) redraw(1);
      },
      (reason: unknown) =>
        host.error(new Error("A part of the widget could not be loaded.", { cause: reason })),
    );
    return () => {
      wanted = false;
    };
  }, [host, of, drawn]);
  return of.loaded ? h(of.loaded, props) : null;
}
