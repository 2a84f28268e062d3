import type { Page } from "@playwright/test";
import type { FakeService } from "../support/fake-service";
import { judged } from "../support/judge";
import { checkLook } from "../support/look";
import { story } from "../support/polyphony";
import { banner, expect, sample, test, urls } from "../support/pulse";

/** A lively quarter of an hour of agent-7. */
async function open(page: Page, service: FakeService): Promise<void> {
  const { events, now } = story(new Date());
  const tone = events.findLast((event) => event.kind === "tone")?.tone;
  const subject = { ...judged(sample("agent-7", { chaos: 0.74 })), chorus: now, ...(tone && { tone }) };
  service.events.push(...events);
  service.subjects.set("agent-7", subject);
  service.past = () => ({ start: { subjects: [subject], alerts: [] }, updates: [] });
  await page.goto(`${urls.voices}?subject=agent-7`);
  await expect(page.locator(".lane-bar")).toHaveCount(7);
}

for (const colorScheme of ["dark", "light"] as const) {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    test(`the look in ${colorScheme}, ${width} wide: the present, the past, the connection lost`, async ({
      page,
      service,
    }) => {
      // Looking at everything four times takes its time.
      test.slow();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      await open(page, service);
      await page.getByRole("button", { name: "Sound" }).click();
      await checkLook(page);
      await page.keyboard.press(" ");
      await expect(page.locator(".past-ribbon")).toBeVisible();
      await checkLook(page);
      await page.getByRole("button", { name: "RU", exact: true }).click();
      await checkLook(page);
      await page.keyboard.press("l");
      service.isUp = false;
      await service.drop();
      await expect(banner(page)).toBeVisible();
      await checkLook(page);
    });
  }
}

test("all of it fits on one screen", async ({ page, service }) => {
  await open(page, service);
  const overhang = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  expect(overhang).toBeLessThanOrEqual(0);
});

test("nothing moves by itself for those who do not want it, and nothing while time stands still", async ({
  page,
  service,
}) => {
  const running = () => page.evaluate(() => document.getAnimations().length);
  await open(page, service);
  await expect.poll(running).toBeGreaterThan(0);
  await page.keyboard.press(" ");
  await expect(page.locator(".past-ribbon")).toBeVisible();
  await expect.poll(running).toBe(0);
  await page.keyboard.press("l");
  await expect.poll(running).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await expect.poll(running).toBe(0);
});

test("Russian is whole", async ({ page, service }) => {
  await page.addInitScript(() => localStorage.setItem("iskra.language", "ru"));
  await open(page, service);
  await expect(page.getByRole("heading", { name: /^Ведёт Кайн/ })).toBeVisible();
  await page.getByRole("button", { name: "Звук" }).click();
  const words = (await page.locator("body").allInnerTexts()).join();
  const english = words.match(/[A-Za-z]{3,}/g)?.filter((word) => !/^(Iskra|agent)$/.test(word));
  expect(english ?? []).toEqual([]);
});
