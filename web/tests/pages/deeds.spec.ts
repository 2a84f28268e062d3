import type { Event } from "../../src/protocol";
import { expect, test, urls } from "../support/pulse";

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const reason = { en: "Chaos 0.82 above 0.80: producers are asked to hold back", ru: "Хаос 0,82 выше 0,80" };

const action = (at: Date): Event => ({
  id: `action ${at.toISOString()}`,
  subject: "agent-7",
  at: at.toISOString(),
  kind: "action",
  action: {
    id: `action ${at.toISOString()}`,
    action: "stabilize_system",
    priority: "P0",
    at: at.toISOString(),
    reach: "dry_run",
    reason,
    delivery: "none",
  },
});
const symbol = (at: Date): Event => ({
  id: `symbol ${at.toISOString()}`,
  subject: "agent-7",
  at: at.toISOString(),
  kind: "symbol",
  symbol: "pause",
  glyph: "⏳",
  voice: "sam",
  reason: { en: "Chaos 0.72 above 0.70: a pause", ru: "Хаос 0,72 выше 0,70: пауза" },
});

test("what was done is listed, the newest first, and explained", async ({ page, service }) => {
  service.events.push(action(minutesAgo(8)), symbol(minutesAgo(3)));
  await page.goto(urls.pulse);
  const deeds = page.locator(".deed");
  await expect(deeds).toHaveText([/⏳ by Sam.*a pause/, /Stabilize.*hold back/]);
  service.event(symbol(new Date()));
  await expect(deeds).toHaveCount(3);
  await deeds.last().click();
  await expect(page.getByRole("dialog", { name: /Stabilize/ })).toContainText("dry run");
});

test("what came after the shown moment was not done yet", async ({ page, service }) => {
  service.events.push(action(minutesAgo(8)), symbol(minutesAgo(3)));
  await page.goto(`${urls.pulse}?subject=agent-7&at=${minutesAgo(5).toISOString()}`);
  await expect(page.locator(".deed")).toHaveText([/Stabilize/]);
  await expect(page.locator(".deeds")).toContainText("Known of the present only");
});

test("what was held back is told with its reason", async ({ page, service }) => {
  const suppressed = (minutes: number, why: string) => ({ at: minutesAgo(minutes).toISOString(), why });
  const why = { en: "", ru: "" };
  service.rulesNow = [
    { kind: "action", rule: "stabilize_system", why, suppressed: suppressed(4, "exclusive") },
    { kind: "symbol", rule: "pause", why, suppressed: suppressed(2, "echo") },
    { kind: "action", rule: "emergency_recovery", why, suppressed: suppressed(40, "cooldown") },
    { kind: "action", rule: "activate_sam_structure", why },
  ];
  await page.goto(urls.pulse);
  const held = page.locator(".held");
  await expect(held).toHaveText([/⏳.*another voice takes the turn/, /Stabilize.*work against/]);
  await page.getByRole("button", { name: "1 h", exact: true }).click();
  await expect(held).toHaveCount(3);
});
