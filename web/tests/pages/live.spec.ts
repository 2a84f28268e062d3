import { judged, silent } from "../support/judge";
import { expect, headline, sample, test, tile, urls } from "../support/pulse";

test("values, levels and their age are shown as they stream in", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  await expect(tile(page, "Pain")).toContainText("0.300");

  const hurt = sample("agent-7", { pain: 0.82 });
  service.sample(hurt, judged(hurt));
  await expect(tile(page, "Pain")).toContainText("0.820");
  await expect(tile(page, "Pain")).toContainText("BLOCK P0");
  await expect(headline(page)).toContainText("Blocked");
  await expect(page.getByRole("meter", { name: "Pain" })).toHaveAttribute("aria-valuenow", "0.82");
  await expect(page.getByRole("meter", { name: "Pain" })).toHaveAttribute("aria-valuetext", /BLOCK, too high/);
});

test("a change of the light is announced, values are not", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  const announced = page.locator("[aria-live=polite]");
  const next = sample("agent-7", { pain: 0.31 });
  service.sample(next, judged(next));
  await expect(tile(page, "Pain")).toContainText("0.310");
  await expect(announced).toHaveText("");
  const hurt = sample("agent-7", { pain: 0.55 });
  service.sample(hurt, judged(hurt));
  await expect(announced).toHaveText("agent-7: Warning");
});

test("a silent subject is black, and its values are the last known ones", async ({ page, service }) => {
  const long = new Date(Date.now() - 300_000).toISOString();
  service.subjects.set("agent-7", silent(sample("agent-7", { at: long })));
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("No data");
  await expect(headline(page)).toContainText("the last known state, not the present one");
  await expect(tile(page, "Trust")).toContainText("stale: OK");
  await expect(tile(page, "Trust")).toContainText("No value for 5m");
});

test("samples that nobody has judged are not called silence", async ({ page, service }) => {
  service.subjects.set("agent-7", { subject: "agent-7", light: "black", level: "OK", latest: sample("agent-7") });
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("Not judged yet");
  await expect(headline(page)).not.toContainText("No samples arrive");
  await expect(tile(page, "Pain")).toContainText("0.300");
});

test("a value worse than what the engine says is called not judged", async ({ page, service }) => {
  service.subjects.set("agent-7", { ...judged(sample("agent-7")), latest: sample("agent-7", { pain: 0.9 }) });
  await page.goto(urls.pulse);
  await expect(tile(page, "Pain")).toContainText("0.900");
  await expect(tile(page, "Pain")).not.toContainText("has not judged");
  service.aheadMs = 8_000;
  await expect(tile(page, "Pain")).toContainText("has not judged this value yet");
});

test("a value that grows old is stale even when nobody says so", async ({ page, service }) => {
  const long = new Date(Date.now() - 90_000).toISOString();
  service.subjects.set("agent-7", judged(sample("agent-7", { at: long })));
  await page.goto(urls.pulse);
  await expect(tile(page, "Trust")).toContainText("stale: OK");
});

test("while nothing is watched the page says what to do, and then comes alive by itself", async ({ page, service }) => {
  service.subjects.clear();
  await page.goto(urls.pulse);
  await expect(page.getByRole("heading", { name: "Nothing is being watched yet" })).toBeVisible();
  await expect(page.locator("pre")).toContainText(`curl ${urls.pulse}api/v1/samples`);
  const first = sample("agent-9");
  service.sample(first, judged(first));
  await expect(headline(page)).toContainText("agent-9");
});

test("the title tells how many alerts fire", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(page).toHaveTitle("agent-7 · Pulse");
  const { alert } = await import("../support/judge");
  service.alert("opened", alert("agent-7", "pain", 0.82, new Date()));
  await expect(page).toHaveTitle("P0 ×1 · agent-7 · Pulse");
});

test("how many samples come in is told once that has been counted, and not of the past", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  await expect(page.locator(".rate")).toHaveCount(0);
  service.aheadMs = 20_000;
  await expect(page.locator(".rate")).toHaveText("0 samples/s");
  await page.keyboard.press(" ");
  await expect(page.locator(".rate")).toHaveCount(0);
});
