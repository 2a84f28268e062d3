import { expect, test, tile, urls } from "../support/pulse";

test("pointing at one chart marks the same instant on all four", async ({ page, service: _ }) => {
  await page.goto(urls.pulse);
  await expect(page.getByText("One point for each")).toBeVisible();
  await page.locator(".chart").first().hover();
  await expect(page.locator(".chart-mark:not([hidden])")).toHaveCount(4);
  const times = await page.locator(".tile-marked b").allTextContents();
  expect(times).toHaveLength(4);
  expect(new Set(times).size).toBe(1);
  await expect(tile(page, "Chaos").locator(".tile-marked")).toContainText(/from 0\.\d{3} to 0\.\d{3}/);
});

test("the arrow keys move through time", async ({ page, service: _ }) => {
  await page.goto(urls.pulse);
  await expect(page.getByText("One point for each")).toBeVisible();
  const chart = page.getByRole("slider", { name: /Pain/ });
  await chart.focus();
  await page.keyboard.press("Home");
  await expect(chart).toHaveAttribute("aria-valuenow", /^-(900|899|898)$/);
  await page.keyboard.press("ArrowRight");
  await expect(chart).toHaveAttribute("aria-valuetext", /\d\d:\d\d:\d\d: 0\.\d{3}/);
  await expect(page.locator(".chart-mark:not([hidden])")).toHaveCount(4);
  await page.keyboard.press("Escape");
  await expect(page.locator(".chart-mark:not([hidden])")).toHaveCount(0);
});

test("a longer range asks for wider buckets and is remembered", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect.poll(() => service.historyRequests.at(-1)?.searchParams.get("step")).toBe("1");
  await page.getByRole("button", { name: "24 h" }).click();
  await expect.poll(() => service.historyRequests.at(-1)?.searchParams.get("step")).toBe("120");
  await page.reload();
  await expect(page.getByRole("button", { name: "24 h" })).toHaveAttribute("aria-pressed", "true");
});
