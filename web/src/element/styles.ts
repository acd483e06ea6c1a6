import { baseStyles } from "../base/index.ts";
import { markdownStyles } from "../markdown/styles.ts";
import chat from "./chat.css?inline";
import composer from "./composer.css?inline";
import history from "./history.css?inline";
import thread from "./thread.css?inline";

/** The styles of every screen, as texts for constructable stylesheets. */
export const viewStyles: readonly string[] = [...baseStyles, markdownStyles, chat, thread, composer, history];
