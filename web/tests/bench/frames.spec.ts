import type { CDPSession, Page } from "@playwright/test";
import { expect, test, urls, waves } from "../support/suite";

const SUBJECTS = Number(process.env.ISKRA_BENCH_SUBJECTS ?? 20);
const HERTZ = 10;
const SECONDS = Number(process.env.ISKRA_BENCH_SECONDS ?? 20);
const NAMES = Array.from({ length: SUBJECTS }, (_, i) => `bench-${String(i + 1).padStart(2, "0")}`);

test.describe.configure({ timeout: (2 * SECONDS + 60) * 1_000 });

/** All subjects at ten samples a second, as a producer sends them, until it is stopped. */
function stream(page: Page): () => Promise<void> {
  let isOver = false;
  const sending = (async () => {
    for (let tick = 0; !isOver; tick += 1) {
      const next = Date.now() + 1_000 / HERTZ;
      const samples = NAMES.map((subject, i) => ({ subject, ...waves(tick, i) }));
      await page.request.post(new URL("api/v1/samples", urls.pulse).href, { data: samples });
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - Date.now())));
    }
  })();
  return async () => {
    isOver = true;
    await sending;
  };
}

/** What the garbage collector leaves, and how long the main thread has worked since the page began. */
async function metrics(session: CDPSession): Promise<{ heapMib: number; busySeconds: number }> {
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const value = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
  return { heapMib: value("JSHeapUsedSize") / 2 ** 20, busySeconds: value("TaskDuration") };
}

/** When the page could draw. The browser asks at every picture of the screen, whether anything has changed or not. */
function pictures(page: Page): Promise<number[]> {
  return page.evaluate(
    (seconds) =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        const tick = (time: number) => {
          times.push(time);
          if (time - (times[0] as number) < seconds * 1_000) requestAnimationFrame(tick);
          else resolve(times.slice(1).map((at, i) => at - (times[i] as number)));
        };
        requestAnimationFrame(tick);
      }),
    SECONDS,
  );
}

for (const name of ["pulse", "seams", "voices"] as const) {
  for (const query of name === "pulse" ? ["", `?subject=${NAMES[0]}`] : [`?subject=${NAMES[0]}`]) {
    test(`${name}${query || " of all"}: ${SUBJECTS} subjects at ${HERTZ} Hz`, async ({ page }) => {
      const stop = stream(page);
      try {
        await page.goto(new URL(query, urls[name]).href);
        await expect(page.getByRole("group", { name: "Connection" })).toContainText("Live");
        const firstMs = await page.evaluate(() => performance.now());
        const session = await page.context().newCDPSession(page);
        await session.send("Performance.enable");
        // What is loaded at first is not what streaming costs.
        await page.waitForTimeout(3_000);
        const before = await metrics(session);
        const gaps = (await pictures(page)).sort((a, b) => a - b);
        const after = await metrics(session);
        const [p99, worst] = [gaps[Math.floor(0.99 * gaps.length)], gaps.at(-1)];
        const busy = (after.busySeconds - before.busySeconds) / SECONDS;
        console.log(
          [
            `${(gaps.length / SECONDS).toFixed(1)} frames/s, p99 ${p99?.toFixed(0)} ms, longest ${worst?.toFixed(0)} ms`,
            `main thread busy ${(100 * busy).toFixed(0)} %`,
            `live within ${firstMs.toFixed(0)} ms`,
            `heap ${before.heapMib.toFixed(1)} → ${after.heapMib.toFixed(1)} MiB in ${SECONDS} s`,
          ].join("; "),
        );
        expect(gaps.length).toBeGreaterThan(0);
      } finally {
        await stop();
      }
    });
  }
}
