import { IntegrationError } from "./errors.ts";

export type AskForSecret = (current: string | null) => Promise<string>;

/** A secret that has less than this left is replaced before it is used. */
const MARGIN = 30_000;

interface Known {
  readonly value: string;
  /** On this machine's clock; infinite where the secret does not say. */
  readonly renewAt: number;
}

/**
 * The bearer token of pages that were written for the hosted service. The page is asked once for all requests that wait,
 * with the secret it gave before: at first, before that expires, and after a refusal.
 */
export class ClientSecret {
  readonly #ask: () => AskForSecret | null;
  #known: Known | null = null;
  #asking: Promise<string> | null = null;

  constructor(ask: () => AskForSecret | null) {
    this.#ask = ask;
  }

  /** The secret to send, or null for pages that have none. */
  async value(): Promise<string | null> {
    if (this.#ask() === null) return null;
    const known = this.#known;
    if (known !== null && Date.now() < known.renewAt) return known.value;
    try {
      return await this.#renew();
    } catch (error) {
      // It is good for a few moments yet, or the server will say so.
      if (known !== null) return known.value;
      throw error;
    }
  }

  /** After a refusal; false when the page has no secrets to give. */
  async replace(refused: string | null): Promise<boolean> {
    if (this.#ask() === null) return false;
    // Another request may have been refused before this one, and the new secret is here already.
    if (this.#known?.value === refused || this.#known === null) await this.#renew();
    return true;
  }

  #renew(): Promise<string> {
    this.#asking ??= this.#fetch().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #fetch(): Promise<string> {
    const ask = this.#ask();
    const value: unknown = await ask?.(this.#known?.value ?? null).catch((cause: unknown) => {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new IntegrationError("client_secret.failed", `api.getClientSecret failed: ${message}`, { cause });
    });
    if (typeof value !== "string" || value === "") {
      throw new IntegrationError(
        "client_secret.invalid",
        `api.getClientSecret must give the client secret as a string; it gave ${value === "" ? "an empty one" : typeof value}`,
      );
    }
    this.#known = { value, renewAt: renewalOf(value) };
    return value;
  }
}

/** When a secret that tells its end is to be replaced. One that seems to end at once speaks of a clock that is wrong. */
function renewalOf(secret: string): number {
  const expires = expiryOf(secret);
  const renewAt = expires - MARGIN;
  return Date.now() < renewAt ? renewAt : Number.POSITIVE_INFINITY;
}

/** The `exp` of this project's secrets and of JSON web tokens, in milliseconds. */
function expiryOf(secret: string): number {
  for (const part of secret.replace(/^ek_/, "").split(".")) {
    try {
      const { exp } = JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/")));
      if (typeof exp === "number" && Number.isFinite(exp)) return exp * 1000;
    } catch {
      // Not JSON: a header's neighbour, a signature, or a secret of another kind.
    }
  }
  return Number.POSITIVE_INFINITY;
}
