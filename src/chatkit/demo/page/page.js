// The page of the demo: the options an app would set, and the few things that only a page can do.

const chat = document.getElementById("chat");
const log = document.getElementById("events");
const dark = matchMedia("(prefers-color-scheme: dark)");
const chosen = JSON.parse(sessionStorage.getItem("look") ?? "{}"); // a reload keeps what was chosen
const look = { accent: "", radius: "pill", density: "normal", locale: "en" };

const GUESTS = [
  { id: "keeper", title: "The Keeper", icon: "lightbulb", group: "Staff", interactive: true, data: { note: "Up in the lamp since 1987." } },
  { id: "brandt", title: "Ms Brandt", icon: "profile", group: "Staff", interactive: true, data: { note: "Manages. Dislikes exclamation marks." } },
  { id: "cat", title: "The Cat", icon: "star", group: "Residents", interactive: true, data: { note: "Sleeps in Number Eleven. Alone." } },
  { id: "foghorn", title: "The Foghorn", icon: "bolt", group: "Residents", interactive: true, data: { note: "B flat, mostly." } },
];

function note(name, detail) {
  const row = document.createElement("li");
  const title = document.createElement("b");
  title.textContent = name;
  row.append(title, detail === undefined ? "" : ` ${JSON.stringify(detail)}`);
  log.prepend(row);
  while (log.children.length > 60) log.lastChild.remove();
}

function preview(entity) {
  return {
    preview: {
      type: "Basic",
      children: [
        { type: "Title", size: "sm", value: entity.title },
        { type: "Text", size: "sm", color: "secondary", value: entity.data?.note ?? "" },
      ],
    },
  };
}

function localTime() {
  const time = new Intl.DateTimeFormat(look.locale, { hour: "2-digit", minute: "2-digit" }).format(new Date());
  return { time, zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}

function setLook(change) {
  Object.assign(chosen, change);
  sessionStorage.setItem("look", JSON.stringify(chosen));
  Object.assign(look, { scheme: dark.matches ? "dark" : "light" }, chosen);
  document.getElementById("locale").value = look.locale;
  document.documentElement.dataset.scheme = look.scheme;
  for (const group of document.querySelectorAll("[data-option]")) {
    for (const button of group.children) {
      button.setAttribute("aria-pressed", String(button.value === look[group.dataset.option]));
    }
  }
}

const options = (about) => ({
  api: {
    url: "/chatkit",
    domainKey: "not-needed",
    uploadStrategy: { type: "direct", uploadUrl: "/chatkit/attachments" },
  },
  locale: look.locale,
  initialThread: location.hash.slice(1) || null,
  theme: {
    colorScheme: look.scheme,
    radius: look.radius,
    density: look.density,
    ...(look.accent && { color: { accent: { primary: look.accent, level: 1 } } }),
  },
  header: { title: { enabled: true } },
  history: { enabled: true, showDelete: true, showRename: true },
  startScreen: { greeting: "Good evening. What can I do for you?", prompts: about.prompts },
  threadItemActions: { feedback: true, retry: true },
  composer: {
    placeholder: "Ask the night porter",
    attachments: { enabled: true, maxCount: 5, maxSize: 10_000_000 },
    models: about.models,
  },
  disclaimer: { text: about.disclaimer },
  entities: {
    showComposerMenu: true,
    onTagSearch: async (query) => GUESTS.filter((guest) => guest.title.toLowerCase().includes(query.toLowerCase())),
    onClick: (entity) => note("entity.click", entity.title),
    onRequestPreview: async (entity) => preview(GUESTS.find((guest) => guest.id === entity.id) ?? entity),
  },
  onClientTool: async ({ name }) => (name === "local_time" ? localTime() : {}),
  widgets: {
    onAction: async (action, item) => {
      note("widgets.onAction", action);
      if (action.type !== "lamp.turn") return;
      setLook({ scheme: action.payload.scheme });
      chat.setOptions(options(about));
      await chat.sendCustomAction({ type: "lamp.turned", payload: action.payload }, item.id);
    },
  },
});

const about = await (await fetch("/about.json")).json();
await customElements.whenDefined("openai-chatkit");

for (const name of ["ready", "error", "effect", "deeplink", "response.start", "response.end", "thread.change",
  "thread.load.start", "thread.load.end", "tool.change", "history.open", "history.close"]) {
  chat.addEventListener(`chatkit.${name}`, (event) => {
    const detail = event.detail ?? undefined;
    note(name, detail?.error ? String(detail.error) : detail);
    if (name === "thread.change") {
      history.replaceState(null, "", detail.threadId ? `#${detail.threadId}` : location.pathname);
    }
  });
}

for (const group of document.querySelectorAll("[data-option]")) {
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    setLook({ [group.dataset.option]: button.value });
    chat.setOptions(options(about));
  });
}
dark.addEventListener("change", () => {
  setLook({});
  chat.setOptions(options(about));
});
document.getElementById("locale").addEventListener("change", (event) => {
  setLook({ locale: event.target.value });
  chat.setOptions(options(about));
});

setLook({});
chat.setOptions(options(about));
