/** Readers of single fields: the value when it has the right type, else a plain default. */

export type Json = Record<string, unknown>;

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function record(value: unknown): Json {
  return isRecord(value) ? value : {};
}

export function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function flag(value: unknown, otherwise: boolean): boolean {
  return typeof value === "boolean" ? value : otherwise;
}

export function oneOf<const T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T {
  return allowed.find((option) => option === value) ?? otherwise;
}

export function array<T>(value: unknown, row: (value: unknown) => T | null): T[] {
  return Array.isArray(value) ? value.map(row).filter((one) => one !== null) : [];
}

/** `{name: value}` for spreading, or nothing: an absent field stays absent. */
export function optional<K extends string, T>(name: K, value: T | null): { [P in K]?: T } {
  return (value === null ? {} : { [name]: value }) as { [P in K]?: T };
}
