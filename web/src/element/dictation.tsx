import type { RefObject, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "../base/button.tsx";
import { Spinner } from "../base/spinner.tsx";
import { useI18n } from "../i18n/index.ts";
import { type Chat, useChat } from "./context.ts";
import { type Recorder, startRecording } from "./recorder.ts";
import { useSlice } from "./slice.ts";

const BARS = 48;

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function useRecorder(chat: Chat): RefObject<Recorder | null> {
  const recorder = useRef<Recorder>(null);
  useEffect(() => {
    let current = true;
    startRecording().then(
      (started) => {
        if (current) recorder.current = started;
        else started.cancel();
      },
      (reason: unknown) => {
        if (!current) return;
        chat.session.toast("danger", "dictation.denied", {}, asError(reason));
        chat.session.setDictation("idle");
      },
    );
    return () => {
      current = false;
      recorder.current?.cancel();
      recorder.current = null;
    };
  }, [chat]);
  return recorder;
}

/** Draws the loudness of the last seconds, newest at the end. */
function Meter({ recorder }: { recorder: RefObject<Recorder | null> }): VNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const levels: number[] = Array.from({ length: BARS }, () => 0);
    let frame = 0;
    let last = 0;
    const step = (now: number): void => {
      frame = requestAnimationFrame(step);
      if (now - last < 60) return;
      last = now;
      levels.shift();
      levels.push(recorder.current?.level() ?? 0);
      levels.forEach((level, index) => {
        const bar = box.current?.children[index];
        if (bar instanceof HTMLElement) bar.style.setProperty("--level", String(Math.max(0.08, level)));
      });
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [recorder]);
  return (
    <div ref={box} class="ck-meter" aria-hidden="true">
      {Array.from({ length: BARS }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}

function Timer(): VNode {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((value) => value + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return <span class="ck-timer">{text}</span>;
}

/** In place of the composer's bar while a person speaks: level, time, cancel and accept. */
export function DictationBar({ insert }: { insert: (text: string) => void }): VNode {
  const chat = useChat();
  const { session } = chat;
  const { t } = useI18n();
  const phase = useSlice((state) => state.composer.dictation);
  const recorder = useRecorder(chat);
  const accept = async (): Promise<void> => {
    const running = recorder.current;
    if (!running) return;
    recorder.current = null;
    session.setDictation("transcribing");
    try {
      const { audio, mimeType } = await running.finish();
      if (audio.size === 0) session.toast("warning", "dictation.empty");
      else insert(await session.transcribe(audio, mimeType));
    } catch (reason) {
      session.toast("danger", "dictation.failed", {}, asError(reason));
    } finally {
      session.setDictation("idle");
    }
  };
  if (phase === "transcribing") {
    return (
      <div class="ck-bar ck-dictation" role="status">
        <span class="ck-bar-space" />
        <Spinner size={20} />
        <span>{t("composer.dictation_transcribing")}</span>
        <span class="ck-bar-space" />
      </div>
    );
  }
  return (
    <div class="ck-bar ck-dictation" role="group" aria-label={t("composer.dictation_recording")}>
      <IconButton
        icon="close"
        label={t("composer.dictation_cancel")}
        onClick={() => session.setDictation("idle")}
      />
      <Meter recorder={recorder} />
      <Timer />
      <IconButton
        icon="check"
        variant="solid"
        tone="primary"
        label={t("composer.dictation_accept")}
        onClick={() => void accept()}
      />
    </div>
  );
}
