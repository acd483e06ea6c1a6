import { afterEach, expect, it, vi } from "vitest";
import { startRecording } from "./recorder.ts";

afterEach(() => vi.unstubAllGlobals());

/** A microphone that is on until its track is stopped, and a recorder that fails where it is told to. */
function microphone(fails: "making" | "starting" | "finishing"): { readonly on: () => boolean } {
  let on = false;
  const track = {
    stop: () => {
      on = false;
    },
  };
  const stream = { getTracks: () => [track] };
  class Recorder extends EventTarget {
    static isTypeSupported = (): boolean => true;
    state = "inactive";
    mimeType = "audio/webm";
    constructor() {
      super();
      if (fails === "making") throw new DOMException("no such format", "NotSupportedError");
    }
    start(): void {
      if (fails === "starting") throw new DOMException("no audio", "NotSupportedError");
      this.state = "recording";
    }
    stop(): void {
      this.dispatchEvent(new Event("error"));
    }
  }
  vi.stubGlobal("MediaRecorder", Recorder);
  vi.stubGlobal("navigator", {
    mediaDevices: {
      getUserMedia: async () => {
        on = true;
        return stream;
      },
    },
  });
  return { on: () => on };
}

for (const fails of ["making", "starting"] as const) {
  it(`switches the microphone off when ${fails} the recorder fails`, async () => {
    const { on } = microphone(fails);
    await expect(startRecording()).rejects.toThrow();
    expect(on()).toBe(false);
  });
}

it("switches the microphone off when the recorder fails at its end", async () => {
  const { on } = microphone("finishing");
  const recorder = await startRecording();
  expect(on()).toBe(true);
  await expect(recorder.finish()).rejects.toThrow("stopped");
  expect(on()).toBe(false);
});
