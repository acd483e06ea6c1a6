import { type ComponentChildren, createContext, type VNode } from "preact";
import { useContext, useMemo } from "preact/hooks";
import { effectiveScheme } from "../base/theme.ts";
import type { MarkdownHost } from "../markdown/index.tsx";
import { useChat } from "./context.ts";
import { useOption, useSlice } from "./slice.ts";

/** Opens a picture in the viewer. */
export type OpenImage = (url: string, alt: string) => void;

const ImageContext = createContext<OpenImage>(() => undefined);
const HostContext = createContext<MarkdownHost>({});

/** What messages need around them: the image viewer, and links and images by the thread's rules. */
export function Surroundings({
  onImage,
  children,
}: {
  onImage: OpenImage;
  children: ComponentChildren;
}): VNode {
  const { deeplink } = useChat();
  const domains = useSlice((state) => state.thread.allowedImageDomains);
  const { breaks, mermaid } = useOption((options) => options.markdown);
  const scheme = useOption((options) => effectiveScheme(options.theme));
  const host = useMemo<MarkdownHost>(
    () => ({
      onDeeplink: (_name, _data, href) => deeplink(href),
      onImage,
      allowedImageDomains: domains ?? undefined,
      breaks,
      mermaid,
      scheme,
    }),
    [deeplink, domains, onImage, breaks, mermaid, scheme],
  );
  return (
    <ImageContext.Provider value={onImage}>
      <HostContext.Provider value={host}>{children}</HostContext.Provider>
    </ImageContext.Provider>
  );
}

export function useOpenImage(): OpenImage {
  return useContext(ImageContext);
}

export function useMarkdownHost(): MarkdownHost {
  return useContext(HostContext);
}
