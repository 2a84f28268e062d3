import AxeBuilder from "@axe-core/playwright";
import { expect, newSubject, send, test, urls, well } from "../support/suite";

test("a subject comes into its state, and the seam is there with its figures and its moment", async ({ page }) => {
  test.slow();
  const subject = newSubject();
  await page.goto(`${urls.seams}?subject=${subject}`);
  const heading = page.locator(".state-headline").getByRole("heading");
  // A state must hold for a while, in samples, before its seam is drawn.
  const until = async (state: string, vitals: object) => {
    await expect(async () => {
      await send(page, { subject, ...vitals });
      await expect(heading).toHaveText(state, { timeout: 500 });
    }).toPass({ timeout: 30_000 });
  };
  await until("Creative tension", well);
  await until("Crystallization", { ...well, clarity: 0.9, chaos: 0.1 });

  const rows = page.locator(".seam");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("Creative tension → Crystallization");
  await expect(rows.first()).toContainText("Chaos 0.10 below 0.20 and clarity 0.90 above 0.80");
  await expect(page.getByRole("button", { name: "Creative tension → Crystallization: 1" })).toBeVisible();

  await rows
    .last()
    .getByRole("button", { name: /go there/ })
    .click();
  await expect(page.locator(".past-ribbon")).toContainText("Paused");
  await expect(heading).toHaveText("Creative tension");
  await expect(rows.last()).toHaveAttribute("data-current", "true");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
