// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { buildSvg } from "./diagram_svg.ts";

const drawing = (...children: unknown[]): unknown => ["svg", { viewBox: "0 0 120 80.5" }, children];

describe("a drawing from data", () => {
  it("is built with the size of its box", () => {
    const svg = buildSvg(drawing(["rect", { x: "1", fill: "#eee" }, []], ["text", {}, ["Hello"]]));
    expect(svg?.getAttribute("width")).toBe("120");
    expect(svg?.getAttribute("height")).toBe("80.5");
    expect(svg?.querySelector("rect")?.getAttribute("fill")).toBe("#eee");
    expect(svg?.textContent).toBe("Hello");
  });

  it.each(["script", "foreignObject", "a", "use", "image", "style", "animate", "set", "iframe", "SCRIPT"])(
    "leaves out <%s> with all that is in it",
    (name) => {
      const svg = buildSvg(
        drawing([name, { href: "https://evil.test" }, [["rect", {}, []]]], ["line", {}, []]),
      );
      expect([...(svg?.children ?? [])].map(({ localName }) => localName)).toEqual(["line"]);
    },
  );

  it.each([
    ["onclick", "alert(1)"],
    ["href", "https://evil.test"],
    ["style", "fill:red"],
    ["class", "ck-view"],
    ["fill", "url(https://evil.test/#a)"],
    ["fill", "URL('//evil.test')"],
    ["marker-end", "u\\72l(https://evil.test)"],
    ["fill", "image-set('https://evil.test' 1x) url(#a)"],
    ["filter", "url(#a)"],
  ])("leaves out %s=%s", (name, value) => {
    const svg = buildSvg(drawing(["rect", { [name]: value }, []]));
    expect(svg?.querySelector("rect")?.attributes).toHaveLength(0);
  });

  it("keeps references to its own parts", () => {
    const svg = buildSvg(drawing(["path", { "marker-end": 'url("#d1_arrow")', d: "M0 0" }, []]));
    expect(svg?.querySelector("path")?.getAttribute("marker-end")).toBe('url("#d1_arrow")');
  });

  it("ends at a limit of elements and of depth", () => {
    let deep: unknown = ["g", {}, []];
    for (let level = 0; level < 100; level += 1) deep = ["g", {}, [deep]];
    expect(buildSvg(drawing(deep))?.querySelectorAll("g").length).toBeLessThanOrEqual(40);
    const many = Array.from({ length: 9000 }, () => ["rect", {}, []]);
    expect(buildSvg(drawing(...many))?.querySelectorAll("rect").length).toBeLessThan(5000);
  });

  it.each([
    null,
    "svg",
    [],
    ["g", {}, []],
    ["svg", {}, []],
    ["svg", null, []],
    ["svg", { viewBox: "0 0 0" }, {}],
  ])("is nothing when the data is %j", (tree) => {
    expect(buildSvg(tree)).toBeUndefined();
  });
});
