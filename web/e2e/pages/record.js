// What a page sees of the element, for tests: every event in order, and the policy violations of the document.
window.heard = [];
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
);
window.NAMES = [
  "ready",
  "error",
  "effect",
  "deeplink",
  "response.start",
  "response.end",
  "history.open",
  "history.close",
  "thread.change",
  "thread.load.start",
  "thread.load.end",
  "tool.change",
  "log",
  "message.sent",
];
window.listen = (element) => {
  for (const name of NAMES) {
    element.addEventListener(`chatkit.${name}`, (event) => {
      const { detail } = event;
      const error = detail?.error;
      heard.push({
        name,
        detail: error
          ? { name: error.name, code: error.code, message: error.message, isError: error instanceof Error }
          : detail,
      });
    });
  }
};
/** Options as JSON; `calls` names functions to record: `window.called[name]` lists their arguments. */
window.called = {};
window.spy =
  (name, answer) =>
  (...args) => {
    called[name] = [...(called[name] ?? []), args];
    return typeof answer === "function" ? answer(...args) : answer;
  };
window.open_ = async (options = {}, element = document.querySelector("openai-chatkit")) => {
  listen(element);
  await customElements.whenDefined("openai-chatkit");
  element.setOptions({ api: { url: "/chatkit", domainKey: "local" }, ...options });
};
