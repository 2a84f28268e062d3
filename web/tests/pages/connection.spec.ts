import { judged } from "../support/judge";
import { banner, expect, headline, sample, test, tile, urls } from "../support/pulse";

test("a lost connection leaves nothing green, says so, and recovers where it was", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  // Both streams have a position from which to continue.
  await expect(page.getByText("One point for each")).toBeVisible();
  const before = service.subscriptions.length;
  service.isUp = false;
  await service.drop();
  await expect(banner(page)).toContainText("Connection lost");
  await expect(banner(page)).toContainText("It may no longer be true");
  await expect(headline(page)).toContainText("Unknown");
  await expect(headline(page)).toContainText("Last known: All well");
  await expect(tile(page, "Clarity")).toContainText("Last known: OK");
  await expect(page.locator("main")).toHaveCSS("filter", "grayscale(1)");
  await expect(page.locator(".timebar")).toHaveCSS("filter", "grayscale(1)");
  await expect(page.locator(".timebar-clock")).toContainText("Connection lost");
  await expect(page).toHaveTitle(/^\?/);

  service.isUp = true;
  await expect(banner(page)).toBeHidden();
  await expect(headline(page)).toContainText("All well");
  await expect(page.locator("main")).toHaveCSS("filter", "none");
  const resumed = service.subscriptions.slice(before);
  expect(resumed).toHaveLength(2);
  for (const subscription of resumed) expect(subscription.resume).toMatch(/^fake-/);
});

test("a service that was never reached has nothing to show", async ({ page, service }) => {
  service.isUp = false;
  await page.goto(urls.pulse);
  await expect(banner(page)).toContainText("Connection lost");
  await expect(banner(page)).not.toContainText("as of");
  service.isUp = true;
  await expect(headline(page)).toContainText("All well");
  await expect(banner(page)).toBeHidden();
});

test("a connection that says nothing any more is not trusted", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  service.isSilent = true;
  await expect(banner(page)).toContainText("Connection lost");
  await expect(headline(page)).toContainText("Unknown");
  service.isSilent = false;
  await expect(banner(page)).toBeHidden();
  await expect(headline(page)).toContainText("All well");
});

test("what was missed is loaded when the stream begins anew", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(page.getByText("One point for each")).toBeVisible();
  const loaded = service.historyRequests.length;
  service.canResume = false;
  await service.drop(4102);
  await expect.poll(() => service.historyRequests.length).toBeGreaterThan(loaded);
  await expect(banner(page)).toBeHidden();
  const next = sample("agent-7", { pain: 0.44 });
  service.sample(next, judged(next));
  await expect(tile(page, "Pain")).toContainText("0.440");
});

test("history that does not come is a picture of its own, and is loaded later", async ({ page, service }) => {
  service.history = () => "fails";
  await page.goto(urls.pulse);
  const missing = page.getByText("History is missing where the chart is hatched");
  await expect(missing).toBeVisible();
  await expect(headline(page)).toContainText("All well");
  await expect(banner(page)).toBeHidden();
  service.history = () => [];
  await page.getByRole("button", { name: "Load again" }).click();
  await expect(missing).toBeHidden();
});

test("who is asked to stay away says why, and asks again only when told to", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  await service.drop(4503);
  await expect(banner(page)).toContainText("code 4503");
  await banner(page).getByRole("button", { name: "Try now" }).click();
  await expect(banner(page)).toBeHidden();
});

test("polling and lagging are told without alarm", async ({ page, service }) => {
  await page.goto(urls.pulse);
  const connection = page.getByRole("group", { name: "Connection" });
  await expect(connection).toContainText("Live");
  service.bus = "polling";
  await expect(connection).toContainText("Live, polled");
  service.lag(12);
  await expect(connection).toContainText("Live, merged");
  await expect(headline(page)).toContainText("All well");
});
