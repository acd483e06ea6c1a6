import { test as base, type Page } from "@playwright/test";
import { serveBuilt } from "./built.ts";
import { letGo } from "./fixtures.ts";

/** The gallery page as it was asked for. */
export interface GalleryOptions {
  readonly only?: string;
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly dir?: "ltr" | "rtl";
  readonly locale?: string;
}

export class Gallery {
  readonly page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
  }

  /** Opens the gallery and waits until icons, pictures and lazily loaded parts are drawn. */
  async open(options: GalleryOptions = {}): Promise<void> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(options)) query.set(name, String(value));
    await this.page.goto(`${this.#url}gallery.html?${query}`);
    await this.page.waitForFunction(() => {
      const roots = [...document.querySelectorAll("chatkit-widget")].map((element) => element.shadowRoot);
      if (roots.length === 0) return false;
      return roots.every((root) => {
        if (!root?.querySelector(".w-root")) return false;
        const charts = [...root.querySelectorAll(".w-chart")].every((chart) =>
          chart.querySelector("svg path"),
        );
        const icons = [...root.querySelectorAll("svg.ck-icon")].every((icon) => icon.firstChild);
        const pictures = [...root.querySelectorAll("img")].every((image) => {
          // Below the fold a lazy picture would never come.
          image.loading = "eager";
          return image.complete;
        });
        return charts && icons && pictures;
      });
    });
  }

  /** Puts one widget on an empty page. */
  async show(widget: unknown): Promise<void> {
    await this.page.goto(`${this.#url}gallery.html?only=none`);
    await this.page.waitForFunction(() => customElements.get("chatkit-widget"));
    await this.replace(widget);
  }

  /** Puts a widget in the place of the one that `show` put there. */
  async replace(widget: unknown): Promise<void> {
    await this.page.evaluate((json) => {
      document.querySelector("chatkit-widget")?.remove();
      const element = document.createElement("chatkit-widget") as HTMLElement & { widget: unknown };
      const seen: unknown[] = [];
      const complaints: string[] = [];
      Object.assign(window, { seen, complaints });
      element.addEventListener("chatkit-widget.error", (event) =>
        complaints.push(String((event as CustomEvent).detail.error)),
      );
      element.addEventListener("chatkit-widget.log", (event) =>
        complaints.push(JSON.stringify((event as CustomEvent).detail)),
      );
      element.addEventListener("chatkit-widget.action", (event) =>
        seen.push((event as CustomEvent).detail.action),
      );
      element.widget = json;
      document.body.append(element);
    }, widget);
  }

  /** The errors and log entries of the widget since it is there. */
  async complaints(): Promise<string[]> {
    return this.page.evaluate(() => (window as unknown as { complaints: string[] }).complaints);
  }

  /** The actions raised since it is there. */
  async actions(): Promise<unknown[]> {
    return this.page.evaluate(() => (window as unknown as { seen: unknown[] }).seen);
  }
}

export const test = base.extend<{ gallery: Gallery }, { origin: string }>({
  origin: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameters
    async ({}, use) => serveBuilt("gallery", use),
    { scope: "worker", timeout: 60_000 },
  ],
  page: async ({ page }, use) => {
    await use(page);
    await letGo(page);
  },
  gallery: async ({ page, origin }, use) => use(new Gallery(page, `${origin}/`)),
});

export { expect } from "@playwright/test";
