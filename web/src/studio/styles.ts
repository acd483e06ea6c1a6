import chrome from "./chrome.css?inline";
import pages from "./pages.css?inline";
import panes from "./panes.css?inline";

/** What the Studio itself looks like. */
export const studioStyles: readonly string[] = [chrome, panes, pages];
