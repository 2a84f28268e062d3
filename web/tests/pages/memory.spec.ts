import type { CDPSession } from "@playwright/test";
import { expect, newSubject, send, test, urls, waves } from "../support/suite";

const HERTZ = 10;
/** What is drawn again holds a fifth of a MiB a second if it is kept. */
const MOST_MIB = 2;

/** What the garbage collector leaves. */
async function heapMib(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 2 ** 20;
}

test("Voices forgets what it has drawn", async ({ page }) => {
  test.setTimeout(90_000);
  const subjects = Array.from({ length: 20 }, newSubject);
  const stream = async (seconds: number) => {
    for (let tick = 0; tick < seconds * HERTZ; tick += 1) {
      await send(page, ...subjects.map((subject, i) => ({ subject, ...waves(tick, i) })));
      await page.waitForTimeout(1_000 / HERTZ);
    }
  };
  await stream(1);
  await page.goto(new URL(`?subject=${subjects[0]}`, urls.voices).href);
  await expect(page.getByRole("group", { name: "Connection" })).toContainText("Live");
  const session = await page.context().newCDPSession(page);
  await stream(5);
  const before = await heapMib(session);
  await stream(20);
  expect((await heapMib(session)) - before).toBeLessThan(MOST_MIB);
});
