import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "./fixture.ts";

const SCREENS = [
  "start",
  "answer",
  "items",
  "running",
  "waiting",
  "problems",
  "question",
  "approval",
  "history",
  "loading",
  "failed",
  "locked",
  "closed",
  "draft",
  "problem",
];

for (const scheme of ["light", "dark"]) {
  for (const name of SCREENS) {
    test(`F174 ${name} has no accessibility fault in ${scheme}`, async ({ page, screens }) => {
      // Colours are judged as they stay, not in the middle of a fade.
      await page.emulateMedia({ reducedMotion: "reduce" });
      await screens.open(name, scheme);
      if (name === "history") await page.locator(".ck-history").waitFor();
      if (name === "question" || name === "approval") await page.locator(".ck-structured").waitFor();
      const { violations } = await new AxeBuilder({ page })
        // In the page itself: there are no frames of other origins, and a second page costs as much again.
        .setLegacyMode()
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
        .analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
      );
      expect(found).toEqual([]);
    });
  }
}
