import { type ComponentType, type FunctionComponent, h, type VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../base/button.tsx";
import { useI18n } from "../i18n/index.ts";

function Unavailable({ again }: { again: () => void }): VNode {
  const { t } = useI18n();
  return (
    <div class="ck-load-failed" role="alert">
      <p>{t("error.network")}</p>
      <Button variant="outline" pill onClick={again}>
        {t("action.try_again")}
      </Button>
    </div>
  );
}

/** A component whose code is loaded when it is first drawn. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): FunctionComponent<P> {
  let known: ComponentType<P> | undefined;
  // biome-ignore lint/correctness/noComponentHookFactories: made once for each lazy module, not while drawing
  function Lazy(props: P): VNode | null {
    const [state, setState] = useState<"loading" | "ready" | "failed">(known ? "ready" : "loading");
    useEffect(() => {
      if (state !== "loading") return undefined;
      let current = true;
      load().then(
        (component) => {
          known = component;
          if (current) setState("ready");
        },
        () => current && setState("failed"),
      );
      return () => {
        current = false;
      };
    }, [state]);
    if (state === "failed") return <Unavailable again={() => setState("loading")} />;
    return known ? (h(known, props) as VNode) : null;
  }
  return Lazy;
}
