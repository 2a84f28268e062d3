import type { Page } from "@playwright/test";
import { judged } from "../support/judge";
import { expect, headline, sample, test, tile, urls } from "../support/pulse";

const ribbon = (page: Page) => page.locator(".past-ribbon");
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

/** Ten minutes ago agent-7 was in pain, and got well a minute later. */
function pain(service: import("../support/fake-service").FakeService, from: Date, to: Date) {
  const [hurt, well] = [minutesAgo(10), minutesAgo(9)];
  const at = (moment: Date, fields = {}) => judged(sample("agent-7", { at: moment.toISOString(), ...fields }));
  const [bad, good] = [at(hurt, { pain: 0.82 }), at(well)];
  const start = from >= well ? good : from >= hurt ? bad : at(minutesAgo(60));
  const updates = [bad, good]
    .map(({ latest, ...subject }) => ({ latest, subject, at: latest?.at ?? "" }))
    .filter(({ at }) => at > from.toISOString() && at <= to.toISOString())
    .map(({ latest, subject, at }) => ({
      at,
      ...(latest && { samples: [latest] }),
      levels: [{ ...subject, at, changed: ["pain" as const] }],
    }));
  service.subjects.set("agent-7", judged(sample("agent-7")));
  return { start: { subjects: [start], alerts: [] }, updates };
}

test("a link shows its moment, in a frame that nobody takes for the present", async ({ page, service }) => {
  service.past = (from, to) => pain(service, from, to);
  await page.goto(`${urls.pulse}?subject=agent-7&at=${minutesAgo(9.5).toISOString()}&range=1h`);
  await expect(ribbon(page)).toContainText("Paused");
  await expect(ribbon(page)).toContainText("You are looking at the past");
  await expect(headline(page)).toContainText("Blocked");
  await expect(tile(page, "Pain")).toContainText("0.820");
  await expect(page.getByRole("button", { name: "1 h", exact: true })).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".chart-future:not([hidden])")).toHaveCount(4);

  await ribbon(page).getByRole("button", { name: "Back to the present" }).click();
  await expect(ribbon(page)).toBeHidden();
  await expect(headline(page)).toContainText("All well");
  await expect(page).toHaveURL(/subject=agent-7$/);
});

test("the past plays on, as fast as is wished, and ends in the present", async ({ page, service }) => {
  service.past = (from, to) => pain(service, from, to);
  await page.goto(`${urls.pulse}?subject=agent-7&at=${minutesAgo(9.9).toISOString()}&speed=100`);
  await expect(ribbon(page)).toContainText("Replay ×100");
  await expect(tile(page, "Pain")).toContainText("0.300");
  await expect(headline(page)).toContainText("All well");
  // Ten minutes take six seconds.
  await expect(ribbon(page)).toBeHidden({ timeout: 10_000 });
});

test("Space stands still, the arrow keys move, l comes back", async ({ page, service }) => {
  service.past = (from, to) => pain(service, from, to);
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  await page.keyboard.press(" ");
  await expect(ribbon(page)).toContainText("Paused");
  const moment = () => new Date(new URL(page.url()).searchParams.get("at") ?? "").getTime();
  await expect.poll(moment).toBeGreaterThan(0);
  const before = moment();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(moment).toBe(before - 15_000);
  await page.keyboard.press("l");
  await expect(ribbon(page)).toBeHidden();
});

test("dragging the line shows the moment under the finger", async ({ page, service }) => {
  service.past = (from, to) => pain(service, from, to);
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  const track = page.getByRole("slider", { name: "Time", exact: true });
  const box = await track.boundingBox();
  if (!box) throw new Error("the line is not there");
  // The line shows fifteen minutes: nine and a half ago lies at 37 %.
  await page.mouse.move(box.x + 0.9 * box.width, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.37 * box.width, box.y + 20, { steps: 5 });
  await page.mouse.up();
  await expect(headline(page)).toContainText("Blocked");
  await expect(tile(page, "Pain")).toContainText("0.820");
});

test("what happened is marked, stepped through by key, and explained", async ({ page, service }) => {
  const reason = { en: "Chaos 0.45 between 0.40 and 0.70: time for experiments", ru: "Хаос 0,45: пора пробовать" };
  const at = minutesAgo(5).toISOString();
  const activation = {
    id: "1",
    since: at,
    by: "pino.1",
    urgency: "high" as const,
    response: "suggest_experiments",
    reason,
  };
  service.events.push({ id: "1.voice.pino", subject: "agent-7", at, kind: "voice", voice: "pino", activation });
  service.past = (from, to) => pain(service, from, to);
  await page.goto(urls.pulse);
  await expect(page.locator(".track-mark")).toHaveCount(1);
  await page.keyboard.press("[");
  await expect(ribbon(page)).toBeVisible();
  const shown = new Date(Date.parse(at) + 1).toISOString();
  await expect(page).toHaveURL(new RegExp(`at=${encodeURIComponent(shown)}`));
  await page.locator(".track-mark").click();
  const sheet = page.getByRole("dialog", { name: "Pino speaks up" });
  await expect(sheet).toContainText("time for experiments");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});

test("a moment that the service does not deliver is said to be missing, and tried again", async ({ page, service }) => {
  let isDown = true;
  service.past = (from, to) => (isDown ? "fails" : pain(service, from, to));
  await page.goto(`${urls.pulse}?subject=agent-7&at=${minutesAgo(9.5).toISOString()}`);
  await expect(page.locator(".timebar")).toContainText("This moment is missing");
  await expect(headline(page)).not.toContainText("All well");
  isDown = false;
  await expect(headline(page)).toContainText("Blocked");
});

test("? tells what every key does", async ({ page, service: _ }) => {
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard" });
  await expect(sheet).toContainText("Space");
  await expect(sheet).toContainText("Next event");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});
