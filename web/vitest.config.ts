import { defineConfig } from "vitest/config";
import { lucide } from "./lucide.ts";

export default defineConfig({
  plugins: [lucide()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
    // Pure code runs in Node; a file that needs a document says `// @vitest-environment happy-dom` in its first line.
    environment: "node",
    // A document and the modules anew for each file would take three times as long; what a test draws goes with the test.
    isolate: false,
    restoreMocks: true,
    testTimeout: 5000,
    onConsoleLog: () => true,
  },
});
