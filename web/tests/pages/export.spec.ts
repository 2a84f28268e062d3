import { readFile } from "node:fs/promises";
import type { Download, Page } from "@playwright/test";
import { expect, headline, sample, test, urls } from "../support/pulse";

/** Opens the sheet by its key and chooses a format. */
async function save(page: Page, format: string): Promise<Download> {
  await page.keyboard.press("e");
  const download = page.waitForEvent("download");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: new RegExp(`^${format}`) })
    .click();
  return download;
}

/** The share of pixels that look different in two pictures of the same size. */
async function difference(page: Page, one: Buffer, other: Buffer): Promise<number> {
  const urls = [one, other].map((png) => `data:image/png;base64,${png.toString("base64")}`);
  const blank = await page.context().newPage();
  const share = await blank.evaluate(async (urls) => {
    const [a, b] = await Promise.all(
      urls.map(async (url) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const ctx = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
        ctx.drawImage(image, 0, 0);
        return ctx.getImageData(0, 0, image.width, image.height).data;
      }),
    );
    if (!a || !b || a.length !== b.length) return 1;
    let differing = 0;
    for (let i = 0; i < a.length; i += 4) {
      const distance = [0, 1, 2].map((c) => Math.abs((a[i + c] as number) - (b[i + c] as number)));
      if (Math.max(...distance) > 40) differing += 1;
    }
    return (4 * differing) / a.length;
  }, urls);
  await blank.close();
  return share;
}

test("the picture that is saved looks like the page", async ({ page, service: _ }) => {
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  const download = await save(page, "PNG");
  expect(download.suggestedFilename()).toMatch(/^agent-7-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.png$/);
  const [saved, seen] = [await readFile(await download.path()), await page.screenshot()];
  // Letters are painted a hair aside, and a second passes: all words are two percent of the page.
  expect(await difference(page, saved, seen)).toBeLessThan(0.016);
});

test("the table has what the charts show", async ({ page, service }) => {
  service.history = () => [
    { at: new Date(Date.now() - 60_000).toISOString(), pain: { last: 0.4, min: 0.3, max: 0.5, avg: 0.4, count: 3 } },
  ];
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  const download = await save(page, "CSV");
  const [header, row] = (await readFile(await download.path(), "utf8")).split("\r\n");
  expect(header).toBe(
    "at,clarity,clarity_min,clarity_max,chaos,chaos_min,chaos_max,trust,trust_min,trust_max,pain,pain_min,pain_max",
  );
  expect(row).toMatch(/Z,,,,,,,,,,0\.4,0\.3,0\.5$/);
});

test("everything that is known of the window is saved as JSON", async ({ page, service }) => {
  const at = new Date(Date.now() - 60_000).toISOString();
  const tone = { tone: "structuring", voice: "sam" as const, since: at };
  const reason = { en: "clarity 0.65 below 0.70", ru: "ясность 0,65 ниже 0,70" };
  service.events.push({ id: "1.tone", subject: "agent-7", at, kind: "tone", from: "neutral", tone, reason });
  await page.goto(urls.pulse);
  await expect(page.locator(".track-mark")).toHaveCount(1);
  const download = await save(page, "JSON");
  const content = JSON.parse(await readFile(await download.path(), "utf8"));
  expect(content.subject).toBe("agent-7");
  expect(content.events).toHaveLength(1);
  expect(content.vitals.length).toBeGreaterThan(100);
  expect(content.state.measured.pain.value).toBe(sample("agent-7").pain);
});
