import { join } from "node:path";
import type { Browser } from "@playwright/test";
import type { Artifact } from "../../src/artifacts/artifact";
import { expect, test, urls } from "../support/suite";
import { liveThrough } from "./days";

const SECONDS = 160;
const folder = process.env.ISKRA_SCREENSHOTS ?? "test-results";
const subject = "agent-7";
const desktop = { width: 1440, height: 900 };

type Shot = {
  name: string;
  url: string;
  size?: { width: number; height: number };
  theme?: "dark" | "light";
  language?: "en" | "ru";
  /** What is pressed before it is pictured. */
  press?: string;
};

const of = (page: keyof typeof urls, query: string) => `${urls[page].replace(/\/?$/, "/")}?${query}`;
const one = (page: keyof typeof urls, more = "") => of(page, `subject=${subject}&range=5m${more}`);
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();

/** The demonstration: while its alert fires, and what was kept of it. */
const trial = (): Shot[] => [
  { name: "experiment", url: of("pulse", "subject=demo&range=5m") },
  {
    name: "experiment-phone",
    url: of("pulse", "subject=demo&range=5m"),
    size: { width: 390, height: 844 },
    language: "ru",
  },
  { name: "experiment-seams", url: of("seams", "subject=demo&range=5m"), theme: "light", language: "ru" },
];
const CRITICAL = '.resolved li:has([data-priority="P0"]) .open-alert';
const kept = (): Shot[] => [
  { name: "artifact", url: of("pulse", "subject=demo&range=5m"), press: CRITICAL },
  {
    ...{ name: "artifact-phone", url: of("pulse", "subject=demo&range=5m"), press: CRITICAL },
    ...{ size: { width: 390, height: 844 }, theme: "light", language: "ru" },
  },
];

const shots = (): Shot[] => [
  { name: "pulse", url: of("pulse", "range=5m") },
  { name: "pulse-subject", url: one("pulse") },
  { name: "pulse-light", url: one("pulse"), theme: "light", language: "ru" },
  { name: "pulse-phone", url: one("pulse"), size: { width: 390, height: 844 }, language: "ru" },
  { name: "pulse-replay", url: one("pulse", `&at=${ago(60)}`) },
  { name: "pulse-wall", url: of("pulse", "range=5m&wall"), size: { width: 3840, height: 2160 } },
  { name: "seams", url: one("seams") },
  { name: "seams-light", url: one("seams"), theme: "light", language: "ru" },
  { name: "seams-phone", url: one("seams"), size: { width: 390, height: 844 } },
  { name: "seams-wall", url: one("seams", "&wall"), size: { width: 3840, height: 2160 } },
  { name: "voices", url: one("voices") },
  { name: "voices-light", url: one("voices"), theme: "light", language: "ru" },
  { name: "voices-phone", url: one("voices"), size: { width: 390, height: 844 } },
  { name: "voices-wall", url: one("voices", "&wall"), size: { width: 3840, height: 2160 } },
];

test(`two minutes of life, seen on every page`, async ({ browser, request }) => {
  test.setTimeout((SECONDS + 300) * 1_000);
  await liveThrough(request, SECONDS);
  // The pictures are of people who still live: nothing is stale in them.
  const living = liveThrough(request, 60);
  for (const shot of shots()) await take(browser, shot);
  await living;
});

test("an experiment, from its page in the inbox to what was kept of it", async ({ browser, request }) => {
  test.setTimeout(300_000);
  const begun = await request.post(new URL("api/v1/experiments", urls.pulse).href, { data: { name: "demo" } });
  const { experiment } = await begun.json();
  const page = await browser.newPage();
  await page.goto(of("pulse", "subject=demo"));
  await expect(page.locator('.card[data-priority="P0"]')).toBeVisible({ timeout: 120_000 });
  for (const shot of trial()) await take(browser, shot);
  // Its own artifact comes last; the alert has left one, too.
  const url = new URL(`api/v1/artifacts?experiment=${experiment.id}`, urls.pulse).href;
  const isOver = async () => {
    const { artifacts } = (await (await request.get(url)).json()) as { artifacts: Artifact[] };
    return artifacts.some(({ alert }) => alert === undefined);
  };
  await expect.poll(isOver, { timeout: 150_000 }).toBe(true);
  for (const shot of kept()) await take(browser, shot);
});

async function take(browser: Browser, { name, url, size = desktop, theme = "dark", language = "en", press }: Shot) {
  const page = await browser.newPage({ viewport: size });
  await page.addInitScript(
    ([theme, language]) => {
      localStorage.setItem("iskra.theme", theme ?? "");
      localStorage.setItem("iskra.language", language ?? "");
    },
    [theme, language],
  );
  await page.goto(url);
  await expect(page.locator(".main")).toBeVisible();
  if (press) await page.locator(press).first().click();
  await page.waitForTimeout(2_500);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
}
