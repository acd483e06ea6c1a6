import { useEffect, useState } from "preact/hooks";

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Copies a text on request; `copied` is true for two seconds afterwards. `copy` answers whether the browser allowed it. */
export function useCopy(text: string): { readonly copied: boolean; copy(): Promise<boolean> } {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return {
    copied,
    async copy() {
      const allowed = await write(text);
      if (allowed) setCopied(true);
      return allowed;
    },
  };
}
