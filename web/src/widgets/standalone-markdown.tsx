import type { VNode } from "preact";
import { useStyles } from "../base/index.ts";
import { Markdown as Blocks, markdownStyles } from "../markdown/index.tsx";

/** The chat's Markdown, for widgets outside of a chat. */
export function Markdown({
  text,
  streaming,
}: {
  readonly text: string;
  readonly streaming?: boolean;
}): VNode {
  useStyles(...[markdownStyles].flat());
  return <Blocks text={text} streaming={streaming} />;
}
