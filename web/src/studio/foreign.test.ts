import { expect, test } from "vitest";
import { tame } from "./foreign.ts";

test("pictures of other hosts are replaced and their hosts are named", () => {
  const widget = {
    type: "Card",
    status: { text: "x", favicon: "https://a.example/icon.png" },
    children: [
      { type: "Image", src: "https://b.example/p.png" },
      { type: "Image", src: "/album.png" },
      { type: "Text", value: "https://c.example" },
    ],
  };
  const { widget: shown, hosts } = tame(widget);
  expect(hosts).toEqual(["a.example", "b.example", "the page it is shown on"]);
  expect(JSON.stringify(shown)).not.toMatch(/a\.example|b\.example|album/);
  expect(JSON.stringify(shown)).toContain("https://c.example");
});

test("a widget without foreign pictures is the same object", () => {
  const widget = { type: "Card", children: [{ type: "Image", src: "data:image/png;base64,AA==" }] };
  expect(tame(widget).widget).toBe(widget);
});
