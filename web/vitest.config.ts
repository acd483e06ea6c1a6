import { defineConfig } from "vitest/config";
import { lucide } from "./lucide.ts";

export default defineConfig({
  plugins: [lucide()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
    // Pure code runs in Node; a file that needs a document says `// @vitest-environment happy-dom` in its first line.
    environment: "node",
    restoreMocks: true,
    testTimeout: 5000,
    onConsoleLog: () => true,
  },
});
