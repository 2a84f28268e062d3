import { judged } from "../support/judge";
import { expect, headline, sample, test, urls } from "../support/pulse";

test("on a wall there is nothing to press, letters are large, and one subject follows the other", async ({
  page,
  service,
}) => {
  service.subjects.set("agent-8", judged(sample("agent-8", { pain: 0.82 })));
  await page.setViewportSize({ width: 3840, height: 2160 });
  await page.goto(urls.pulse);
  await expect(page.locator(".row", { hasText: "agent-8" })).toBeVisible();
  const size = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
  const before = await size();
  // From here on time passes as the test says.
  await page.clock.install();
  await page.keyboard.press("w");
  expect(await size()).toBeGreaterThan(2 * before);
  await expect(page.locator(".header")).toBeHidden();
  await expect(page.locator(".timebar")).toBeHidden();
  await expect(page.getByRole("group", { name: "Connection" })).toContainText("Live");

  await page.clock.runFor(20_500);
  await expect(headline(page)).toContainText("agent-8");
  await page.clock.runFor(20_500);
  await expect(page.locator(".row", { hasText: "agent-8" })).toBeVisible();

  await page.keyboard.press("w");
  await expect(page.locator(".header")).toBeVisible();
  await expect(page).toHaveURL(/\/\??$/);
});
