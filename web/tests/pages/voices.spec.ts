import type { Page } from "@playwright/test";
import type { Voice } from "../../src/protocol";
import { judged } from "../support/judge";
import { activation, chorus, happened } from "../support/polyphony";
import { expect, sample, test, urls } from "../support/pulse";

const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
const row = (page: Page, name: string) => page.getByRole("listitem", { name, exact: true });
const url = (query = "") => `${urls.voices}?subject=agent-7${query}`;
const active = (voice: Voice, seconds: number) => activation(voice, ago(seconds));
const reason = { en: "Pain 0.82 above 0.70: the pain is acknowledged", ru: "Боль 0,82 выше 0,70: признаём боль" };

/** Kayn leads, Pino waits for it, Sam has spoken before. */
function torn() {
  return chorus(
    {
      kayn: { activity: 0.7, mood: "leading", active: active("kayn", 90) },
      pino: { activity: 0.9, mood: "waiting", active: active("pino", 30) },
      sam: { activity: 0.2, last_active: ago(60).toISOString() },
    },
    {
      leader: "kayn",
      conflicts: [{ between: ["kayn", "pino"], intensity: 0.92, leads: "kayn", since: ago(20).toISOString() }],
      harmony: 0.412,
      synthesis_readiness: 0.85,
    },
  );
}

test.beforeEach(({ service }) => {
  const tone = { tone: "defensive", voice: "iskriv" as const, since: ago(40).toISOString() };
  service.subjects.set("agent-7", { ...judged(sample("agent-7")), chorus: torn(), tone });
});

test("the page says at once who leads, who is against whom, and how all of it sounds", async ({ page }) => {
  await page.goto(url());
  await expect(page.getByRole("heading", { name: "Kayn leads, with Pino" })).toBeVisible();
  await expect(page.getByText("Kayn and Pino disagree: Kayn leads, Pino waits")).toBeVisible();
  const stage = page.locator(".stage");
  await expect(stage.locator(".heart-harmony")).toHaveText("0.412");
  await expect(stage.locator(".heart-figure")).toHaveText("0.85");
  await expect(stage.locator(".heart")).toHaveAttribute("data-ready", "true");
  await expect(stage.locator(".stage-tone")).toHaveText("defensive");
  await expect(stage.locator(".node")).toHaveCount(7);
  await expect(page).toHaveTitle(/^Kayn leads, with Pino · agent-7/);
});

test("each voice has a row with its figures and its reason, in the order that is wished", async ({ page }) => {
  await page.goto(url());
  await expect(row(page, "Kayn")).toContainText("truth seeker");
  await expect(row(page, "Kayn")).toContainText("0.700");
  await expect(row(page, "Kayn")).toContainText("0.840");
  await expect(row(page, "Kayn")).toContainText("time to check what is true");
  await expect(row(page, "Kayn")).toContainText("for 1m");
  await expect(row(page, "Pino")).toContainText("waits");
  await expect(row(page, "Iskriv")).toContainText("has not spoken yet");
  const rows = page.locator(".voice h4");
  await expect(rows.first()).toHaveText("Kayn");
  await page.getByRole("button", { name: "by activity" }).click();
  await expect(rows.first()).toHaveText("Pino");
  await page.reload();
  await expect(rows.first()).toHaveText("Pino");
});

test("how long a voice still rests is told of the present only", async ({ page, service }) => {
  const rule = { kind: "trigger", why: reason };
  service.rulesNow.push(
    { ...rule, rule: "sam.1", cooldown_until: new Date(Date.now() + 150_000).toISOString() },
    { ...rule, rule: "sam.2" },
  );
  await page.goto(url());
  await expect(row(page, "Sam")).toContainText("rests for 2m more, unless it becomes more urgent");
  await expect(page.locator(".node-cooldown")).toHaveCount(1);
  const subject = { ...judged(sample("agent-7")), chorus: torn() };
  service.past = () => ({ start: { subjects: [subject], alerts: [] }, updates: [] });
  await page.keyboard.press(" ");
  await expect(page.locator(".past-ribbon")).toBeVisible();
  await expect(row(page, "Sam")).toContainText("spoke until");
  await expect(page.locator(".node-cooldown")).toHaveCount(0);
});

test("what streams in is heard: the leader changes, and a symbol flashes at its voice", async ({ page, service }) => {
  await page.goto(url());
  await expect(page.getByRole("heading", { name: "Kayn leads, with Pino" })).toBeVisible();
  const next = chorus({ sam: { activity: 0.6, mood: "leading", active: active("sam", 0) } }, { leader: "sam" });
  service.event(happened(new Date(), { kind: "chorus", chorus: next }));
  await expect(page.getByRole("heading", { name: "Sam leads", exact: true })).toBeVisible();
  await expect(page.locator(".beam")).toHaveCount(1);
  await expect(page.locator(".flash")).toHaveCount(0);
  const symbol = { symbol: "acknowledgement", glyph: "∆", voice: "kayn" as const, reason };
  service.event(happened(new Date(), { kind: "symbol", ...symbol }));
  await expect(page.locator(".flash")).toContainText("∆");
  const listed = page.getByRole("region", { name: "Symbols" });
  await expect(listed).toContainText("the pain is acknowledged");
  service.aheadMs = 10_000;
  await expect(page.locator(".flash")).toHaveCount(0);
  await expect(listed).toContainText("Kayn");
});

test("a moment of the past shows the voices and the symbol of then", async ({ page, service }) => {
  const at = ago(300);
  const then = chorus({ iskra: { activity: 0.8, mood: "leading", active: active("iskra", 320) } }, { leader: "iskra" });
  const tone = { tone: "recovery", voice: "anhantra" as const, since: ago(400).toISOString() };
  const subject = { ...judged(sample("agent-7")), chorus: then, tone };
  service.past = () => ({ start: { subjects: [subject], alerts: [] }, updates: [] });
  service.events.push(
    happened(at, { kind: "symbol", symbol: "completion", glyph: "☉", voice: "iskra", reason }),
    happened(ago(60), { kind: "symbol", symbol: "pause", glyph: "⏳", voice: "sam", reason }),
  );
  await page.goto(url(`&at=${new Date(at.getTime() + 1_000).toISOString()}`));
  await expect(page.getByRole("heading", { name: "Iskra leads", exact: true })).toBeVisible();
  await expect(page.locator(".stage-tone")).toHaveText("recovery");
  await expect(page.locator(".flash")).toHaveText(/☉/);
  await expect(page.locator(".voices")).toHaveAttribute("data-still", "true");
  const listed = page.getByRole("region", { name: "Symbols" });
  await expect(listed).toContainText("completion");
  await expect(listed).not.toContainText("pause");
});

test("very many choruses leave room for what else happened, and the last of each step is known of all the time", async ({
  page,
  service,
}) => {
  service.past = () => ({
    start: { subjects: [{ ...judged(sample("agent-7")), chorus: torn() }], alerts: [] },
    updates: [],
  });
  service.events.push(happened(ago(800), { kind: "symbol", symbol: "play", glyph: "🃏", voice: "pino", reason }));
  // Twice as many as the service gives at once.
  for (let count = 0; count < 2_000; count += 1) {
    service.events.push(
      happened(ago(890 * (count / 2_000)), { kind: "chorus", chorus: chorus({}) }, `chorus-${count}`),
    );
  }
  await page.goto(url());
  await expect(page.getByRole("region", { name: "Symbols" })).toContainText("play");
  await expect(page.getByText("More happened than is shown")).toHaveCount(0);
  const lane = row(page, "Kayn").locator(".lane");
  await expect(lane).toBeVisible();
  await expect(lane.locator(".lane-unknown")).toHaveCount(0);
});

test.describe("the lanes", () => {
  test.beforeEach(async ({ page, service }) => {
    const sam = active("sam", 600);
    service.events.push(
      happened(ago(600), { kind: "voice", voice: "sam", activation: sam }, sam.id),
      happened(ago(595), { kind: "chorus", chorus: chorus({ sam: { activity: 0.643 } }) }),
      happened(ago(300), { kind: "voice", voice: "sam", activation: sam, stood_down: "done" }, "end"),
      happened(ago(299), { kind: "chorus", chorus: chorus({ sam: { activity: 0.111 } }) }),
      happened(ago(200), { kind: "symbol", symbol: "pause", glyph: "⏳", voice: "sam", reason }),
    );
    await page.goto(url());
    await expect(row(page, "Sam").locator(".lane-bar")).toHaveCount(1);
  });

  test("say what was at the instant under the pointer, and a click goes there", async ({ page }) => {
    const lane = row(page, "Sam").locator(".voice-past");
    const box = await lane.boundingBox();
    if (!box) throw new Error("the lane is not there");
    // Fifteen minutes are shown: 450 seconds ago is in the middle.
    await lane.hover({ position: { x: box.width / 2, y: 30 } });
    await expect(lane.locator(".voice-then")).toHaveText("0.643");
    await lane.click({ position: { x: box.width / 2, y: 30 } });
    await expect(page.locator(".past-ribbon")).toBeVisible();
    await expect(page.locator(".mark-future:visible")).toHaveCount(8);
    const at = new Date(new URL(page.url()).searchParams.get("at") ?? "").getTime();
    expect(Math.abs(at - ago(450).getTime())).toBeLessThan(30_000);
  });

  test("explain an activation, and a symbol, without leaving the present", async ({ page }) => {
    await row(page, "Sam").locator(".lane-bar").click();
    const sheet = page.getByRole("dialog", { name: "Sam speaks up" });
    await expect(sheet).toContainText("time to check what is true");
    await page.keyboard.press("Escape");
    await row(page, "Sam").locator(".lane-symbol").click();
    await expect(page.getByRole("dialog", { name: "⏳ by Sam" })).toContainText("the pain is acknowledged");
    await page.keyboard.press("Escape");
    await expect(page.locator(".past-ribbon")).toBeHidden();
  });

  test("do not show what is not known", async ({ page, service }) => {
    // Nothing was told of the time before the first chorus, 595 seconds ago.
    const unknown = row(page, "Sam").locator(".lane-unknown");
    const [part, whole] = await Promise.all([unknown.boundingBox(), row(page, "Sam").locator(".lane").boundingBox()]);
    expect((part?.width ?? 0) / (whole?.width ?? 1)).toBeCloseTo(305 / 900, 1);
    service.isUp = false;
    await service.drop();
    await expect(page.locator(".lost-banner")).toBeVisible();
    await expect(row(page, "Sam").locator(".mark-lost")).toBeVisible();
  });
});

test.describe("sound", () => {
  /** Listens to what would come out of the loudspeakers: how far it swings, and how many sources of sound there are. */
  async function listen(page: Page): Promise<() => Promise<number>> {
    await page.addInitScript(() => {
      const ears: AnalyserNode[] = [];
      const connect = AudioNode.prototype.connect;
      AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
        if (args[0] instanceof AudioDestinationNode) {
          const ear = new AnalyserNode(this.context);
          ears.push(ear);
          Reflect.apply(connect, this, [ear]);
        }
        return Reflect.apply(connect, this, args);
      } as typeof connect;
      Object.assign(window, {
        loudness: () =>
          Math.max(
            0,
            ...ears.map((ear) => {
              const wave = new Float32Array(ear.fftSize);
              ear.getFloatTimeDomainData(wave);
              return Math.max(...wave.map(Math.abs));
            }),
          ),
      });
    });
    return () => page.evaluate(() => (window as unknown as { loudness: () => number }).loudness());
  }

  test("is off until it is asked for, each time anew; its volume is remembered", async ({ page }) => {
    const loudness = await listen(page);
    await page.goto(url());
    const button = page.getByRole("button", { name: "Sound" });
    await expect(button).toHaveAttribute("aria-pressed", "false");
    expect(await loudness()).toBe(0);
    await button.click();
    await expect.poll(loudness).toBeGreaterThan(0.005);
    await page.getByRole("slider", { name: "Volume" }).fill("0.8");
    await page.reload();
    await expect(button).toHaveAttribute("aria-pressed", "false");
    await page.keyboard.press("m");
    await expect(page.getByRole("slider", { name: "Volume" })).toHaveValue("0.8");
    await expect.poll(loudness).toBeGreaterThan(0.005);
    await button.click();
    await expect.poll(loudness).toBeLessThan(0.001);
  });

  test("is quiet while time stands still, runs too fast, or nothing is known", async ({ page, service }) => {
    const loudness = await listen(page);
    const subject = { ...judged(sample("agent-7")), chorus: torn() };
    service.past = () => ({ start: { subjects: [subject], alerts: [] }, updates: [] });
    await page.goto(url());
    await page.getByRole("button", { name: "Sound" }).click();
    await expect.poll(loudness).toBeGreaterThan(0.005);
    await page.keyboard.press(" ");
    await expect(page.getByText("Quiet: time stands still")).toBeVisible();
    await expect.poll(loudness).toBeLessThan(0.001);
    await page.keyboard.press("l");
    await expect.poll(loudness).toBeGreaterThan(0.005);
    service.isUp = false;
    await service.drop();
    await expect(page.getByText("Quiet: the connection is lost")).toBeVisible();
    await expect.poll(loudness).toBeLessThan(0.001);
  });

  test("accompanies a replay that is not faster than ×10", async ({ page, service }) => {
    const loudness = await listen(page);
    const subject = { ...judged(sample("agent-7")), chorus: torn() };
    service.past = () => ({ start: { subjects: [subject], alerts: [] }, updates: [] });
    await page.goto(url(`&at=${ago(800).toISOString()}&speed=10`));
    await page.getByRole("button", { name: "Sound" }).click();
    await expect.poll(loudness).toBeGreaterThan(0.005);
    await page.getByRole("combobox", { name: "Speed" }).selectOption("30");
    await expect(page.getByText("Quiet: faster than ×10")).toBeVisible();
    await expect.poll(loudness).toBeLessThan(0.001);
  });
});
