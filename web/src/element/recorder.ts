/** Formats by preference; the first that the browser can record is used. */
const FORMATS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"] as const;

export interface Recording {
  readonly audio: Blob;
  /** As the recorder names it, with its parameters. */
  readonly mimeType: string;
}

export interface Recorder {
  /** Loudness now, 0 to 1. */
  level(): number;
  finish(): Promise<Recording>;
  cancel(): void;
}

export function recordingFormat(
  supported = (type: string) => MediaRecorder.isTypeSupported(type),
): string | undefined {
  return FORMATS.find(supported);
}

function meter(stream: MediaStream): { level: () => number; close: () => void } {
  if (typeof AudioContext === "undefined") return { level: () => 0, close: () => undefined };
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  return {
    level: () => {
      analyser.getByteTimeDomainData(samples);
      const sum = samples.reduce((total, sample) => total + (sample - 128) ** 2, 0);
      return Math.min(1, (Math.sqrt(sum / samples.length) / 128) * 4);
    },
    // A recorder that failed stops as well.
    close: () => void (context.state === "closed" || context.close()),
  };
}

/** Asks for the microphone and records until finished or cancelled. Rejects when it is not allowed. */
export async function startRecording(): Promise<Recorder> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  try {
    return record(stream);
  } catch (error) {
    // The browser shows that the microphone is in use for as long as a track runs.
    stop(stream);
    throw error;
  }
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

function record(stream: MediaStream): Recorder {
  const format = recordingFormat();
  const recorder = new MediaRecorder(stream, format ? { mimeType: format } : undefined);
  const chunks: Blob[] = [];
  recorder.addEventListener("dataavailable", (event) => {
    if (event.data.size > 0) chunks.push(event.data);
  });
  const { level, close } = meter(stream);
  const release = (): void => {
    stop(stream);
    close();
  };
  recorder.start(250);
  return {
    level,
    finish: () =>
      new Promise((resolve, reject) => {
        const mimeType = recorder.mimeType || format || "audio/webm";
        const done = (): void => {
          release();
          resolve({ audio: new Blob(chunks, { type: mimeType }), mimeType });
        };
        const failed = (): void => {
          release();
          reject(new Error("The recorder stopped"));
        };
        recorder.addEventListener("stop", done, { once: true });
        recorder.addEventListener("error", failed, { once: true });
        if (recorder.state === "inactive") done();
        else recorder.stop();
      }),
    cancel: () => {
      if (recorder.state !== "inactive") recorder.stop();
      release();
    },
  };
}
