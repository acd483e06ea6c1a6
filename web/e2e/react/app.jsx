// An app as its users write it, on the unmodified wrapper: StrictMode, options with functions, a class name, a later change.
import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { StrictMode, useState, version } from "react";
import { createRoot } from "react-dom/client";

window.seen = [];
window.reactVersion = version;
const note = (name) => (detail) =>
  window.seen.push({ name, detail: detail?.error ? { message: detail.error.message } : detail });

function App() {
  const [theme, setTheme] = useState("light");
  const [count, setCount] = useState(0);
  const chatkit = useChatKit({
    api: { url: "/chatkit", domainKey: "local", fetch: (url, init) => fetch(url, init) },
    theme,
    header: { rightAction: { icon: "settings-cog", onClick: () => note("header")({ count }) } },
    onClientTool: async ({ name }) => ({ name, count }),
    onReady: note("ready"),
    onError: note("error"),
    onEffect: note("effect"),
    onResponseStart: note("response.start"),
    onResponseEnd: note("response.end"),
    onThreadChange: note("thread.change"),
    onLog: () => {},
  });
  window.chatkit = chatkit;
  window.setTheme = setTheme;
  window.setCount = setCount;
  return <ChatKit control={chatkit.control} className="tall" />;
}

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
if (new URLSearchParams(location.search).has("late")) {
  const script = document.createElement("script");
  script.src = "/static/chatkit.js";
  setTimeout(() => document.head.append(script), 300);
}
