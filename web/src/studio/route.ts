import { signal } from "@preact/signals";

export const PAGES = ["home", "edit", "components", "icons", "tokens", "shortcuts"] as const;
export type Page = (typeof PAGES)[number];

export interface Route {
  readonly page: Page;
  readonly detail: string;
}

/** A page from the fragment of an address: `#/edit/folder/file.widget`. */
export function parseRoute(hash: string): Route {
  const [, name = "", ...rest] = hash.replace(/^#/, "").split("/");
  const page = PAGES.find((one) => one === name) ?? "home";
  let detail = rest.join("/");
  try {
    detail = decodeURIComponent(detail);
  } catch {
    // An address somebody typed: taken as it is.
  }
  return { page, detail };
}

export const route = signal<Route>(parseRoute(globalThis.location?.hash ?? ""));

export const hrefOf = (page: Page, detail = ""): string =>
  `#/${page === "home" ? "" : page}${detail ? `/${detail.split("/").map(encodeURIComponent).join("/")}` : ""}`;

/** Shows a page. With `replace` the one before it cannot be gone back to. */
export function go(page: Page, detail = "", replace = false): void {
  const href = hrefOf(page, detail);
  if (replace) history.replaceState(null, "", href);
  else if (location.hash !== href) history.pushState(null, "", href);
  route.value = { page, detail };
}

/** Back, forward and typed addresses. */
export function followAddress(): () => void {
  const read = (): void => {
    route.value = parseRoute(location.hash);
  };
  addEventListener("hashchange", read);
  addEventListener("popstate", read);
  return () => {
    removeEventListener("hashchange", read);
    removeEventListener("popstate", read);
  };
}
