/** Reads single props of untrusted JSON; what does not fit counts as not given. */
import type { WidgetAction } from "../core/api.ts";
import type { Props } from "./node.ts";

/** Text; numbers are shown as written. */
export function text(props: Props, name: string): string | undefined {
  const value = props[name];
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : undefined;
}

/** A finite number, also when written as text. */
export function number(props: Props, name: string): number | undefined {
  const value = props[name];
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

/** A whole number within bounds. */
export function count(props: Props, name: string, least: number, most: number): number | undefined {
  const value = number(props, name);
  return value === undefined ? undefined : Math.min(most, Math.max(least, Math.round(value)));
}

/** True or false; templates also write them as text. */
export function flag(props: Props, name: string): boolean | undefined {
  const value = props[name];
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  return value === "false" ? false : undefined;
}

/** One of a closed set of words. */
export function oneOf<Word extends string>(
  props: Props,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const value = props[name];
  return words.find((word) => word === value);
}

/** A plain object. */
export function object(props: Props, name: string): Props | undefined {
  const value = props[name];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Props) : undefined;
}

/** The plain objects of a list. */
export function objects(props: Props, name: string): readonly Props[] {
  const value = props[name];
  if (!Array.isArray(value)) return [];
  return value.filter(
    (entry): entry is Props => typeof entry === "object" && entry !== null && !Array.isArray(entry),
  );
}

/** An action, if the prop holds one with a type. */
export function action(props: Props, name: string): WidgetAction | undefined {
  const value = object(props, name);
  if (!value || typeof value.type !== "string") return undefined;
  const handler = oneOf(value, "handler", ["server", "client"]);
  const loadingBehavior = oneOf(value, "loadingBehavior", ["auto", "none", "self", "container"]);
  const streaming = flag(value, "streaming");
  return {
    type: value.type,
    ...(value.payload === undefined || value.payload === null ? {} : { payload: value.payload }),
    ...(handler && { handler }),
    ...(loadingBehavior && { loadingBehavior }),
    ...(streaming === undefined ? {} : { streaming }),
  };
}
