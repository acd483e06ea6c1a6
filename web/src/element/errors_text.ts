import type { I18n, MessageKey } from "../i18n/index.ts";

const BY_CODE: Readonly<Record<string, MessageKey>> = {
  "stream.error": "error.stream",
  "run.interrupted": "error.interrupted",
  "stream.interrupted": "error.interrupted",
  "thread.busy": "error.busy",
  "rate.limited": "error.rate",
  "auth.required": "error.auth",
  "auth.denied": "error.denied",
  "limit.exceeded": "error.too_large",
  "thread.not_found": "error.not_found",
  "item.not_found": "error.not_found",
};

const BY_STATUS: Readonly<Record<number, MessageKey>> = {
  401: "error.auth",
  403: "error.denied",
  404: "error.not_found",
  413: "error.too_large",
  429: "error.rate",
};

function statusOf(error: Error | null): number | undefined {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === "number" ? status : undefined;
}

function codeOf(error: Error | null): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}

/** An error in the words of the interface; a message the server wrote for people is shown as it is. */
export function describeError(i18n: I18n, error: Error | null, code = codeOf(error)): string {
  if (code === "custom" && error?.message) return error.message;
  const known = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  if (known) return i18n.t(known);
  const status = statusOf(error);
  const byStatus = status === undefined ? undefined : BY_STATUS[status];
  if (byStatus) return i18n.t(byStatus);
  if (status !== undefined) return i18n.t("error.http", { status: String(status) });
  if (error?.name === "NetworkError") return i18n.t("error.network");
  return i18n.t("error.generic");
}

const TOASTS: Readonly<Record<string, MessageKey>> = {
  "attachment.too_large": "toast.too_large",
  "attachment.too_many": "toast.too_many",
  "attachment.type": "toast.type",
  "upload.failed": "toast.upload",
  "dictation.denied": "toast.microphone",
  "dictation.empty": "toast.no_speech",
  "dictation.failed": "toast.transcribe",
  "thread.rename_failed": "toast.rename",
  "thread.delete_failed": "toast.delete",
  "feedback.failed": "toast.feedback",
  "action.failed": "toast.action",
  "clipboard.denied": "toast.clipboard",
};

/** A size in bytes with its unit. */
export function formatBytes(i18n: I18n, bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  let value = bytes;
  let step = 0;
  while (value >= 1024 && step < units.length - 1) {
    value /= 1024;
    step += 1;
  }
  const format = {
    style: "unit",
    unit: units[step] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: 1,
  } as const;
  return new Intl.NumberFormat(i18n.locale, format).format(value);
}

/** The words of a toast. */
export function describeToast(
  i18n: I18n,
  code: string,
  params: Readonly<Record<string, string | number>>,
  error: Error | null,
): string {
  const key = Object.hasOwn(TOASTS, code) ? TOASTS[code] : undefined;
  if (!key) return describeError(i18n, error, code);
  const limit = params.limit;
  if (typeof limit !== "number") return i18n.t(key, params);
  const words = code === "attachment.too_large" ? { limit: formatBytes(i18n, limit) } : { count: limit };
  return i18n.t(key, { ...params, ...words });
}
