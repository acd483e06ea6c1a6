import { ChatKitElement, setHostedUrl } from "./host.ts";

export type { ComposerValue } from "./host.ts";

const script = document.currentScript;
if (script instanceof HTMLScriptElement) setHostedUrl(script.dataset.api ?? null);
if (!customElements.get("openai-chatkit")) customElements.define("openai-chatkit", ChatKitElement);
