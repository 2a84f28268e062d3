import { tile } from "../support/pulse";
import { expect, newSubject, open, send, test, well } from "../support/suite";

test("what happened is seen again as it was: by key, and by a link that others open", async ({ page, browser }) => {
  const subject = newSubject();
  await send(page, { subject, ...well });
  await open(page, subject);
  await expect(tile(page, "Pain")).toContainText("0.300");
  await send(page, { subject, ...well, pain: 0.95 });
  await expect(page.locator(".card", { hasText: `Pain of ${subject}` })).toBeVisible();
  await send(page, { subject, ...well, pain: 0.31 });
  await expect(tile(page, "Pain")).toContainText("0.310");
  await expect(page.locator(".track-mark[data-priority=P0]")).toHaveCount(1);

  // Back to the alert, whatever else happened since.
  await expect(async () => {
    await page.keyboard.press("[");
    await expect(tile(page, "Pain")).toContainText("0.950", { timeout: 500 });
  }).toPass();
  await expect(page.locator(".past-ribbon")).toBeVisible();
  await expect(page.locator(".headline")).toContainText("Blocked");

  const other = await browser.newPage();
  await other.goto(page.url());
  await expect(tile(other, "Pain")).toContainText("0.950");
  await expect(other.locator(".headline")).toContainText("Blocked");
  await other.close();

  await page.keyboard.press("l");
  await expect(tile(page, "Pain")).toContainText("0.310");
  await expect(page.locator(".headline")).toContainText("All well");
});

test("the last week is judged anew when an edge is dragged, and nothing changes", async ({ page }) => {
  const subject = newSubject();
  await send(page, { subject, ...well, pain: 0.45 });
  await open(page, subject);
  await page.getByRole("button", { name: "Try other thresholds for Pain" }).click();
  const sheet = page.getByRole("dialog");
  const edge = sheet.getByRole("slider", { name: "Edge of WARN, too high" });
  await edge.focus();
  for (let i = 0; i < 2; i += 1) await page.keyboard.press("PageDown");
  await expect(edge).toHaveAttribute("aria-valuenow", "0.4");
  await expect(sheet.getByRole("row", { name: /Level pain WARN/ })).toContainText("1×");
  await expect(sheet.locator("pre")).toContainText('"> 0.4');
  await page.keyboard.press("Escape");
  await expect(tile(page, "Pain")).toContainText("OK");
});
