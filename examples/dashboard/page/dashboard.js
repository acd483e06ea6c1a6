const ORDERS = [
  ["#1042", "Aalto & Sons", "€ 320", "open"],
  ["#1043", "Café Nord", "€ 1,180", "late"],
  ["#1045", "Lindqvist", "€ 75", "sent"],
  ["#1047", "Marine Depot", "€ 2,430", "late"],
  ["#1050", "Okafor Ltd", "€ 610", "open"],
  ["#1051", "Pier 9", "€ 95", "late"],
];

const rows = document.getElementById("orders");
for (const order of ORDERS) {
  const row = rows.insertRow();
  row.className = order[3];
  for (const text of order) row.insertCell().textContent = text;
}

const rowOf = (order) => [...rows.rows].find((row) => row.cells[0].textContent === order);
const root = document.documentElement;
document.getElementById("night").onclick = () => root.classList.toggle("night");

await customElements.whenDefined("openai-chatkit");
const chat = document.getElementById("chat");
chat.setOptions({
  api: { url: "/chatkit", domainKey: "" },
  frameTitle: "Assistant",
  startScreen: {
    greeting: "What about the orders?",
    prompts: [
      { label: "Which orders are late?", prompt: "Which orders are late?", icon: "clock" },
      { label: "Refund an order", prompt: "Refund an order", icon: "document" },
    ],
  },
  onClientTool: ({ params }) => {
    for (const row of rows.rows) row.classList.toggle("out", !row.classList.contains(params.status));
    return { shown: rows.querySelectorAll("tr:not(.out)").length };
  },
});
chat.addEventListener("chatkit.effect", ({ detail }) => {
  if (detail.name === "order.refunded") rowOf(detail.data.order)?.classList.add("refunded");
});
document.getElementById("ask").onclick = () => chat.focusComposer();
