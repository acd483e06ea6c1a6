import type { JSX } from "preact";
import { CodePanes } from "./code-panes.tsx";
import { Drawer } from "./drawer.tsx";
import { Inspector } from "./inspector.tsx";
import { PreviewPane } from "./preview-pane.tsx";
import { codeShare, inspectorOpen } from "./settings.ts";
import { Splitter } from "./splitter.tsx";

/** Sources at the left, the widget at the right. */
export function Workbench(): JSX.Element {
  const share = codeShare.value;
  return (
    <div class="bench" data-inspector={inspectorOpen.value || undefined}>
      <div class="bench-main" style={{ "--code": `${share}fr`, "--rest": `${1 - share}fr` }}>
        <CodePanes />
        <Splitter label="Width of the sources" across="x" value={codeShare} min={0.25} max={0.75} />
        <div class="right">
          <PreviewPane />
          <Drawer />
        </div>
      </div>
      {inspectorOpen.value ? <Inspector /> : null}
    </div>
  );
}
