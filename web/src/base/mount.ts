import { useEffect, useRef } from "preact/hooks";

/** Runs once, when the component has appeared; what it returns runs when the component goes. */
// biome-ignore lint/suspicious/noConfusingVoidType: as in useEffect, nothing or a clean-up is returned
export function useMount(run: () => void | (() => void)): void {
  const first = useRef(run);
  useEffect(() => first.current(), []);
}
