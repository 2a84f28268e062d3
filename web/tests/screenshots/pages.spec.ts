import { join } from "node:path";
import type { Browser } from "@playwright/test";
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
};

const of = (page: keyof typeof urls, query: string) => `${urls[page].replace(/\/?$/, "/")}?${query}`;
const one = (page: keyof typeof urls, more = "") => of(page, `subject=${subject}&range=5m${more}`);
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();

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
  test.setTimeout((SECONDS + 120) * 1_000);
  await liveThrough(request, SECONDS);
  // The pictures are of people who still live: nothing is stale in them.
  const living = liveThrough(request, 60);
  for (const shot of shots()) await take(browser, shot);
  await living;
});

async function take(browser: Browser, { name, url, size = desktop, theme = "dark", language = "en" }: Shot) {
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
  await page.waitForTimeout(2_500);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
}
