import { defineConfig } from "@playwright/test";

import { ports } from "./tests/support/ports";

const executablePath = process.env.ISKRA_CHROMIUM ?? "/usr/bin/chromium";

// `pages` runs the built pages against a service that the test controls; `suite` runs them as `iskra up` serves them,
// where ISKRA_PULSE_URL, ISKRA_SEAMS_URL and ISKRA_VOICES_URL say where.
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  workers: 2,
  // What passes only the second time is told as flaky at the end: a defect, but none that keeps the rest from being seen.
  retries: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] },
  },
  projects: [
    // It waits for most of its time: it begins first, beside the other.
    ...(process.env.ISKRA_PULSE_URL ? [{ name: "suite", testMatch: "suite/**/*.spec.ts", workers: 1 }] : []),
    { name: "pages", testMatch: "pages/**/*.spec.ts", fullyParallel: true },
    ...(process.env.ISKRA_SCREENSHOTS
      ? [{ name: "screenshots", testMatch: "screenshots/**/*.spec.ts", workers: 1 }]
      : []),
    ...(process.env.ISKRA_BENCH ? [{ name: "bench", testMatch: "bench/**/*.spec.ts", workers: 1 }] : []),
  ],
  webServer: Object.entries(ports).map(([page, at]) => ({
    command: `npx vite preview --mode ${page} --port ${at} --strictPort --host 127.0.0.1`,
    url: `http://127.0.0.1:${at}/`,
    // One that is there already may show the pages of another copy.
    reuseExistingServer: false,
  })),
});
