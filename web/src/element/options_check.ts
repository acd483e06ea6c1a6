import type { AllOptions } from "./options.ts";
import { OPTIONS, type Shape } from "./options_shape.ts";

export interface Checked {
  /** What of the options is sound, with earlier values in the place of faulty ones. */
  readonly options: Partial<AllOptions>;
  /** Known keys with a value of the wrong type, as sentences. */
  readonly faults: readonly string[];
  /** Keys that nobody knows. */
  readonly unknown: readonly string[];
}

/** Goes through what the page passed. Never throws: a faulty option must not take the chat down. */
export function checkOptions(given: unknown, before: Partial<AllOptions>): Checked {
  const walk = new Walk();
  const options = walk.value(given, OPTIONS, before, "options") ?? {};
  return {
    options: options as Partial<AllOptions>,
    faults: walk.faults.map(trim),
    unknown: walk.unknown.map(trim),
  };
}

class Walk {
  readonly faults: string[] = [];
  readonly unknown: string[] = [];

  value(value: unknown, shape: Shape, earlier: unknown, path: string): unknown {
    if (!shape.fits(value)) {
      this.faults.push(`${path} should be ${shape.says}`);
      return earlier;
    }
    if (Array.isArray(value)) return shape.row === undefined ? value : this.#rows(value, shape.row, path);
    if (shape.keys === undefined || typeof value !== "object" || value === null) return value;
    return this.#entries(value, shape.keys, earlier, path);
  }

  #rows(rows: readonly unknown[], shape: Shape, path: string): unknown[] {
    return rows
      .map((row, index) => this.value(row, shape, undefined, `${path}[${index}]`))
      .filter((row) => row !== undefined);
  }

  #entries(
    value: object,
    keys: Readonly<Record<string, Shape>>,
    earlier: unknown,
    path: string,
  ): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(value)) {
      const shape = Object.hasOwn(keys, key) ? keys[key] : undefined;
      if (shape === undefined) this.unknown.push(`${path}.${key}`);
      const sound =
        shape === undefined || inner === undefined
          ? undefined
          : this.value(inner, shape, at(earlier, key), `${path}.${key}`);
      if (sound !== undefined) out[key] = sound;
    }
    return out;
  }
}

const trim = (path: string): string => path.replace(/^options\./, "");

function at(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
