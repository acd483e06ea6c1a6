export { type ClientLog, type Frame, ProtocolClient, type Transport, type WireRequest } from "./client.ts";
export {
  ChatKitError,
  HttpError,
  IntegrationError,
  isAbort,
  NetworkError,
  StreamError,
  toError,
  UploadError,
  WidgetError,
} from "./errors.ts";
export {
  parseAttachment,
  parseEvent,
  parseItem,
  parsePage,
  parseThread,
  parseThreadMetadata,
  parseUpdate,
} from "./guards.ts";
export { type SseMessage, SseParser } from "./sse.ts";
export type * from "./types.ts";
