import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import "./main.css";

function Books({ books, onAsk }) {
  return (
    <main>
      <h1>Reading list</h1>
      {books.length === 0 ? <p>Nothing yet. Ask for a book.</p> : null}
      <ul>
        {books.map((title) => (
          <li key={title}>
            {title}{" "}
            <button type="button" onClick={() => onAsk(title)}>
              What is it about?
            </button>
          </li>
        ))}
      </ul>
    </main>
  );
}

function App() {
  const [books, setBooks] = useState([]);
  const [dark, setDark] = useState(false);
  const chat = useChatKit({
    api: { url: "/chatkit", domainKey: "local" },
    theme: { colorScheme: dark ? "dark" : "light", radius: "round", color: { accent: { primary: "#0f766e", level: 1 } } },
    startScreen: { greeting: "What do you like to read?", prompts: [{ label: "Suggest a book", prompt: "Suggest a book" }] },
    header: { rightAction: { icon: dark ? "light-mode" : "dark-mode", onClick: () => setDark(!dark) } },
    onClientTool: ({ params }) => {
      const next = books.includes(params.title) ? books : [...books, params.title];
      setBooks(next);
      return { books: next.length };
    },
  });
  const ask = (title) => chat.sendUserMessage({ text: `What is “${title}” about?` });
  return (
    <div className={dark ? "app dark" : "app"}>
      <Books books={books} onAsk={ask} />
      <ChatKit control={chat.control} className="chat" />
    </div>
  );
}

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
