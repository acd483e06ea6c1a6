export { loadingOf, mergeValues, routeOf, runsOutsideStream } from "./actions.ts";
export type * from "./api.ts";
export type * from "./kernel.ts";
export { isAccepted, refusal, sizeLimit } from "./limits.ts";
export type * from "./options.ts";
export { reduce, reduceItems } from "./reduce.ts";
export { Session } from "./session.ts";
export * from "./state.ts";
