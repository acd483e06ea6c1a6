/** Widgets that show every component with every prop; drawn by the gallery page and compared with its pictures. */
import { controls } from "./fixtures/controls.ts";
import { content } from "./fixtures/content.ts";
import { layout } from "./fixtures/layout.ts";
import { scenes } from "./fixtures/scenes.ts";

export interface Fixture {
  readonly name: string;
  readonly widget: unknown;
  readonly wide?: boolean;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly fixtures: readonly Fixture[];
}

export const sections: readonly Section[] = [...scenes, ...layout, ...content, ...controls];
