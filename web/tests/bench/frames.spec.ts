import type { CDPSession, Page } from "@playwright/test";
import { expect, test, urls } from "../support/suite";

const SUBJECTS = Number(process.env.ISKRA_BENCH_SUBJECTS ?? 20);
const HERTZ = 10;
const SECONDS = Number(process.env.ISKRA_BENCH_SECONDS ?? 30);
const NAMES = Array.from({ length: SUBJECTS }, (_, i) => `bench-${String(i + 1).padStart(2, "0")}`);

test.describe.configure({ timeout: (2 * SECONDS + 60) * 1_000 });

/** All subjects at ten samples a second, as a producer sends them, until it is stopped. */
function stream(page: Page): () => Promise<void> {
  let isOver = false;
  const sending = (async () => {
    for (let tick = 0; !isOver; tick += 1) {
      const next = Date.now() + 1_000 / HERTZ;
      const samples = NAMES.map((subject, i) => {
        const wave = (period: number) => 0.2 * Math.sin((tick + 7 * i) / period);
        return {
          subject,
          clarity: 0.75 + wave(31),
          chaos: 0.5 + wave(23),
          trust: 0.75 + wave(41),
          pain: 0.4 + wave(17),
        };
      });
      await page.request.post(new URL("api/v1/samples", urls.pulse).href, { data: samples });
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - Date.now())));
    }
  })();
  return async () => {
    isOver = true;
    await sending;
  };
}

/** What the garbage collector leaves. */
async function heapMib(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? 0) / 2 ** 20;
}

/** When each frame was drawn, by the browser's own account, and how long its main thread was busy. */
async function trace(session: CDPSession): Promise<{ frames: number; dropped: number; worstMs: number }> {
  const events: { name: string; ts: number; args?: { frame_reporter?: { state?: string } } }[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as typeof events)));
  const categories = "disabled-by-default-devtools.timeline.frame,devtools.timeline.frame,cc,benchmark";
  await session.send("Tracing.start", { traceConfig: { includedCategories: categories.split(",") } });
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000));
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  const times = events.filter(({ name }) => name === "DrawFrame").map(({ ts }) => ts / 1_000);
  const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
  const dropped = events.filter(({ name }) => name === "DroppedFrame").length;
  return { frames: times.length, dropped, worstMs: Math.max(0, ...gaps) };
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
        const before = await heapMib(session);
        const { frames, dropped, worstMs } = await trace(session);
        const after = await heapMib(session);
        console.log(
          [
            `${(frames / SECONDS).toFixed(1)} frames/s, ${dropped} dropped, longest ${worstMs.toFixed(0)} ms`,
            `live within ${firstMs.toFixed(0)} ms`,
            `heap ${before.toFixed(1)} → ${after.toFixed(1)} MiB in ${SECONDS} s`,
          ].join("; "),
        );
        expect(frames).toBeGreaterThan(0);
      } finally {
        await stop();
      }
    });
  }
}
