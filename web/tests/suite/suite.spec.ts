import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { headline, tile } from "../support/pulse";
import { expect, newSubject, open, rules, send, test, urls, well } from "../support/suite";

test("a sample that is sent appears on an open page, judged", async ({ page }) => {
  const subject = newSubject();
  await open(page, subject);
  await expect(headline(page)).toContainText("Nothing has ever been measured");
  await send(page, { subject, ...well });
  await expect(headline(page)).toContainText("All well");
  await expect(tile(page, "Pain")).toContainText("0.300");
  await expect(tile(page, "Pain")).toContainText("OK");
  await send(page, { subject, ...well, pain: 0.55 });
  await expect(tile(page, "Pain")).toContainText("0.550");
  await expect(tile(page, "Pain")).toContainText("WARN P2");
  await expect(headline(page)).toContainText("Warning");
});

test("an alert fires, is acknowledged, and ends", async ({ page }) => {
  const subject = newSubject();
  await open(page, subject);
  await send(page, { subject, ...well, pain: 0.95 });
  const card = page.locator(".card", { hasText: `Pain of ${subject}` });
  await expect(card).toContainText("P0");
  await expect(card).toContainText("Fired at 0.950, threshold 0.70");
  await expect(card).toContainText(/People were told at|no Alertmanager is set up/);
  await expect(headline(page)).toContainText("Blocked");

  await card.getByRole("button", { name: /Acknowledge/ }).click();
  await page.getByLabel("Your name").fill("Ann");
  await page.getByLabel("Note (optional)").fill("on it");
  await page.getByRole("button", { name: "I have it" }).click();
  await expect(card).toContainText("Ann has it since");
  await expect(card).toContainText("on it");

  await send(page, { subject, ...well });
  await expect(headline(page)).toContainText("All well");
  const over = page.locator(".resolved li", { hasText: `Pain of ${subject}` });
  await expect(over).toContainText("Ann has it since", { timeout: 15_000 });
  await expect(card).toHaveCount(0);
  await page.reload();
  await expect(over).toContainText("Ann has it since");
});

test("the past is loaded, extremes included", async ({ page }) => {
  const subject = newSubject();
  const start = Date.now() - 600_000;
  const past = Array.from({ length: 600 }, (_, i) => ({
    subject,
    at: new Date(start + i * 1_000).toISOString(),
    ...well,
  }));
  past.push({ subject, at: new Date(start + 300_500).toISOString(), ...well, pain: 0.97 });
  await send(page, ...past);
  await open(page, subject);
  await page.getByRole("button", { name: "24 h" }).click();
  await expect(page.getByText("One point for each 2m")).toBeVisible();
  const chart = page.getByRole("slider", { name: /Pain/ });
  await chart.focus();
  await page.keyboard.press("End");
  await expect(chart).toHaveAttribute("aria-valuetext", /0\.300/);
  await expect(tile(page, "Pain").locator(".tile-marked")).toBeVisible();
  await page.getByRole("button", { name: "15 min" }).click();
  await expect(page.getByText("One point for each 1s")).toBeVisible();
  const box = await chart.boundingBox();
  if (!box) throw new Error("the chart has no place");
  // The second of the spike holds two samples: its shade reaches from one to the other.
  await expect(async () => {
    const left = 1 - (Date.now() - (start + 300_500)) / 900_000;
    await page.mouse.move(box.x + box.width * left, box.y + box.height / 2);
    await expect(tile(page, "Pain").locator(".tile-marked")).toContainText("0.970", { timeout: 200 });
  }).toPass();
});

test("a broken connection is continued where it was, and nothing is missed", async ({ page }) => {
  const subject = newSubject();
  const resumed: boolean[] = [];
  let cut: (() => Promise<void>)[] = [];
  let isUp = true;
  await page.routeWebSocket(/\/ws$/, async (socket) => {
    if (!isUp) {
      await socket.close({ code: 1012 });
      return;
    }
    const server = socket.connectToServer();
    server.onMessage((data) => {
      const frame = JSON.parse(String(data));
      if (frame.type === "subscribed") resumed.push(frame.resumed);
      socket.send(data);
    });
    cut.push(async () => {
      await server.close();
      await socket.close({ code: 1012 });
    });
  });
  await open(page, subject);
  await send(page, { subject, ...well });
  await expect(headline(page)).toContainText("All well");
  isUp = false;
  await Promise.all(cut.map((each) => each()));
  cut = [];
  await expect(page.locator(".lost-banner")).toContainText("Connection lost");
  await expect(headline(page)).toContainText("Unknown");
  await send(page, { subject, ...well, pain: 0.82 });
  isUp = true;
  await expect(tile(page, "Pain")).toContainText("0.820");
  await expect(headline(page)).toContainText("Blocked");
  await expect(page.locator(".lost-banner")).toBeHidden();
  expect(resumed).toEqual([false, false, true, true]);
});

test("Voices shows who wakes for a new subject, and why", async ({ page }) => {
  const subject = newSubject();
  await page.goto(`${urls.voices}?subject=${subject}`);
  await expect(page.getByRole("group", { name: "Connection" })).toContainText("Live");
  await send(page, { subject, ...well, trust: 0.45, pain: 0.95 });
  await expect(page.locator(".polyphony")).toContainText("Anhantra");
  await expect(page.locator("main")).toContainText("Trust 0.45 below 0.60 and pain 0.95 above 0.40");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test("rules that are spoilt are refused on the page until they are mended", async ({ page }) => {
  const file = join(rules, "states.yml");
  const good = await readFile(file, "utf8");
  const spoilt = good.replace("dwell: 5s", "dwell: soon");
  expect(spoilt).not.toBe(good);
  const line = good.split("\n").findIndex((each) => each.includes("dwell: 5s")) + 1;
  await page.goto(urls.pulse);
  const told = page.getByText("The rules cannot be used");
  try {
    await writeFile(file, spoilt);
    await expect(told).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole("alert").filter({ has: told })).toContainText(`states.yml, line ${line}:`);
  } finally {
    await writeFile(file, good);
  }
  await expect(told).toHaveCount(0, { timeout: 20_000 });
});

test("nothing to complain about on the real page", async ({ page }) => {
  const subject = newSubject();
  await send(page, { subject, ...well, pain: 0.95 });
  await open(page, subject);
  await expect(page.locator(".card", { hasText: `Pain of ${subject}` })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});
