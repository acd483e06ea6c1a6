// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";

it("reads Markdown that was drawn as it is written right before its prefetched reader came", async () => {
  // Other files of this run may have fetched the reader already.
  vi.resetModules();
  const { Markdown, prefetchMarkdown } = await import("./index.tsx");
  const place = document.createElement("div");
  await act(async () => {
    render(<Markdown text="Some **bold** words" />, place);
    expect(place.textContent).toBe("Some **bold** words");
    // The reader comes between the drawing and its effects, which wait for the end of this act.
    await prefetchMarkdown();
  });
  expect(place.textContent).toBe("Some bold words");
  expect(place.querySelector("strong")?.textContent).toBe("bold");
});
