// @vitest-environment happy-dom
import { expect, it } from "vitest";
import { mount } from "../../testing.tsx";

const src = "https://example.org/a.png";

it("fits, places, frames and bleeds as told (F162)", async () => {
  const view = await mount([
    { type: "Image", src, alt: "A" },
    {
      type: "Image",
      src,
      fit: "contain",
      position: "top right",
      frame: true,
      flush: true,
      radius: "full",
      aspectRatio: "16/9",
    },
  ]);
  const [plain, told] = view.all("img");
  expect([plain?.style.objectFit, plain?.style.objectPosition, plain?.getAttribute("alt")]).toEqual([
    "cover",
    "center",
    "A",
  ]);
  expect([
    told?.style.objectFit,
    told?.style.objectPosition,
    told?.style.borderRadius,
    told?.style.aspectRatio,
  ]).toEqual(["contain", "top right", "var(--ck-radius-full)", "16 / 9"]);
  expect([told?.dataset.frame, told?.dataset.flush]).toEqual(["true", "true"]);
});

it("is a thumbnail in a row unless it has a size (F162)", async () => {
  const view = await mount({
    type: "Row",
    children: [
      { type: "Image", src },
      { type: "Image", src, width: 80 },
    ],
  });
  expect(view.all("img").map((image) => image.style.width)).toEqual(["40px", "80px"]);
});

it("tells its host nothing of the page, and shows nothing for an unsafe address", async () => {
  const view = await mount([
    { type: "Image", src },
    { type: "Image", src: "javascript:alert(1)" },
  ]);
  expect(view.get<HTMLImageElement>("img").getAttribute("referrerpolicy")).toBe("no-referrer");
  expect(view.logs).toEqual([["widget.invalid_prop", { component: "Image", prop: "src" }]]);
});
