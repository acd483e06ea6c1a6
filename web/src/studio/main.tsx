import { effect } from "@preact/signals";
import { render } from "preact";
import { adopt, baseStyles, createTheme, RootContext } from "../base/index.ts";
import { built, startBuilding } from "./building.ts";
import { describer, loadDescriber, takePicture } from "./describe.ts";
import { isSource } from "./draft.ts";
import { unlink } from "./exports.ts";
import { complain } from "./notices.ts";
import { followAddress, route } from "./route.ts";
import { appScheme } from "./settings.ts";
import { prefetchWorkbench, Shell } from "./shell.tsx";
import { onShortcut } from "./shortcuts.ts";
import { settleSelection } from "./source-edits.ts";
import { endStreamOnChange } from "./streaming.ts";
import { studioStyles } from "./styles.ts";
import { watch } from "./watching.ts";
import { follow, openSource, openText, start } from "./workspace.ts";

async function openLink(): Promise<boolean> {
  const linked = await unlink(location.hash);
  if (!isSource(linked)) return false;
  openSource(linked);
  return true;
}

function takeDrops(): void {
  addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    if (file.type.startsWith("image/") && describer.value) takePicture(file).catch(complain);
    else file.text().then(openText).catch(complain);
  });
  addEventListener("paste", (event) => {
    const target = event.composedPath()[0];
    if (route.value.page !== "home" || !(target instanceof Element) || target.closest("input, textarea"))
      return;
    const text = event.clipboardData?.getData("text/plain").trim() ?? "";
    if (text.startsWith("{") || text.startsWith("[")) openText(text).catch(complain);
  });
}

async function run(): Promise<void> {
  const host = document.getElementById("studio");
  if (!host) return;
  const root = host.attachShadow({ mode: "open" });
  const setTheme = createTheme(root);
  effect(() => {
    setTheme({ colorScheme: appScheme() });
    host.dataset.scheme = appScheme();
  });
  adopt(root, ...baseStyles, ...studioStyles);
  const box = document.createElement("div");
  box.className = "ck studio";
  root.append(box);
  render(
    <RootContext.Provider value={root}>
      <Shell />
    </RootContext.Provider>,
    box,
  );
  addEventListener("keydown", onShortcut, { capture: false });
  followAddress();
  takeDrops();
  startBuilding();
  endStreamOnChange();
  effect(() => {
    if (built.value) settleSelection();
  });
  await start();
  watch();
  loadDescriber().catch(complain);
  prefetchWorkbench();
  if (!(await openLink())) {
    effect(() => {
      if (route.value) follow().catch(complain);
    });
  }
}

run().catch(complain);
