import type { Page } from "@playwright/test";
import { headline } from "../support/pulse";
import { expect, newSubject, send, test, urls, well } from "../support/suite";

const guide = (page: Page) => page.locator(".guide");
const strip = (page: Page) => page.getByRole("region", { name: "Experiment demo" });

async function tryIt(page: Page): Promise<void> {
  // Whoever has subjects already finds it in the help.
  const subject = newSubject();
  await send(page, { subject, ...well });
  await page.goto(`${urls.pulse}?subject=${subject}`);
  await expect(headline(page)).toContainText("All well");
  await page.keyboard.press("?");
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(headline(page)).toContainText("demo");
  await expect(headline(page)).toContainText("simulated");
}

test("the demonstration leads from a well agent to a page in the inbox, and to what was kept of it", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await tryIt(page);
  await expect(strip(page)).toContainText("left");
  await expect(guide(page)).toContainText("an alert fired", { timeout: 120_000 });
  const card = page.locator(".card", { hasText: "of demo" }).first();
  await expect(card).toContainText("P0");
  await expect(card).toContainText("simulated");
  await expect(guide(page)).toContainText("That was all", { timeout: 150_000 });
  await expect(strip(page)).toContainText("Passed");
  await guide(page).getByRole("button", { name: "The alert and its record" }).click();
  await expect(page.getByRole("article", { name: "∆DΩΛ artifact" })).toContainText("wants a person's eye");
  await page.keyboard.press("Escape");
  await guide(page).getByRole("button", { name: "The experiment and its record" }).click();
  await expect(page.getByRole("article", { name: "∆DΩΛ artifact" })).toContainText("What changed");
  await page.keyboard.press("Escape");

  // A minute ago it ran, and so the past shows it, on the other pages too.
  const at = new Date(Date.now() - 60_000).toISOString();
  for (const url of [urls.pulse, urls.seams, urls.voices]) {
    await page.goto(`${url}?subject=demo&at=${at}`);
    await expect(strip(page)).toContainText("left");
  }
});

test("a person stops it, and the page says who", async ({ page }) => {
  await tryIt(page);
  await strip(page).getByRole("button", { name: /Stop/ }).click();
  await page.getByLabel("Your name").fill("Ann");
  await page.getByRole("button", { name: "Stop it" }).click();
  await expect(strip(page)).toContainText("Ended by hand. Stopped by Ann");
});
