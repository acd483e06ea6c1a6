import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AskForSecret, ClientSecret } from "./secret.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A secret as this project's server makes them, good for so many seconds. */
const lasting = (seconds: number, user = "ann"): string => {
  const body = btoa(JSON.stringify({ user, exp: Date.now() / 1000 + seconds, claims: {} }));
  return `ek_${body.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}.00ff`;
};

function asked(answer: (current: string | null) => unknown) {
  const calls: (string | null)[] = [];
  const ask: AskForSecret = async (current) => {
    calls.push(current);
    return (await answer(current)) as string;
  };
  return { secret: new ClientSecret(() => ask), calls };
}

describe("ClientSecret", () => {
  it("asks once for all who wait", async () => {
    const { secret, calls } = asked(() => "one");
    expect(await Promise.all([secret.value(), secret.value(), secret.value()])).toEqual([
      "one",
      "one",
      "one",
    ]);
    expect(calls).toEqual([null]);
  });

  it("asks again before a secret expires, with the one it had", async () => {
    const { secret, calls } = asked(() => lasting(600));
    const first = await secret.value();
    vi.setSystemTime(Date.now() + 560_000);
    expect(await secret.value()).toBe(first);
    vi.setSystemTime(Date.now() + 15_000);
    expect(await secret.value()).not.toBe(first);
    expect(calls).toEqual([null, first]);
  });

  it("uses the old one when no new one can be had in time", async () => {
    let works = true;
    const { secret } = asked(() => (works ? lasting(600) : Promise.reject(new Error("offline"))));
    const first = await secret.value();
    works = false;
    vi.setSystemTime(Date.now() + 590_000);
    expect(await secret.value()).toBe(first);
  });

  it("does not believe a clock by which every new secret is old", async () => {
    const { secret, calls } = asked(() => lasting(-3600));
    await secret.value();
    await secret.value();
    expect(calls).toHaveLength(1);
  });

  it("knows the end of a JSON web token too", async () => {
    const token = `${btoa('{"alg":"RS256"}')}.${btoa(JSON.stringify({ exp: Date.now() / 1000 + 60 }))}.sig`;
    const { secret, calls } = asked(() => token);
    await secret.value();
    vi.setSystemTime(Date.now() + 40_000);
    await secret.value();
    expect(calls).toEqual([null, token]);
  });

  it("replaces a refused one once, for two requests that were refused with it", async () => {
    let number = 0;
    const { secret, calls } = asked(() => `secret ${++number}`);
    const first = await secret.value();
    await secret.replace(first);
    await secret.replace(first);
    expect(await secret.value()).toBe("secret 2");
    expect(calls).toEqual([null, "secret 1"]);
  });

  it("says what is wrong when the page gives none", async () => {
    const failing = asked(() => Promise.reject(new Error("403 from /session")));
    await expect(failing.secret.value()).rejects.toMatchObject({
      code: "client_secret.failed",
      message: "api.getClientSecret failed: 403 from /session",
    });
    await expect(asked(() => undefined).secret.value()).rejects.toMatchObject({
      code: "client_secret.invalid",
    });
    expect(await failing.secret.replace(null).catch((error) => error.code)).toBe("client_secret.failed");
  });

  it("has nothing to say where the page has no secrets", async () => {
    const secret = new ClientSecret(() => null);
    expect(await secret.value()).toBeNull();
    expect(await secret.replace(null)).toBe(false);
  });
});
