import type { Locator, Page } from "@playwright/test";
import { en } from "../../src/language/en";
import { ru } from "../../src/language/ru";
import type { Config } from "../../src/protocol";
import { checkLook } from "../support/look";
import { headline, tile } from "../support/pulse";
import { expect, newSubject, send, test, urls, well } from "../support/suite";

/** What people read and do on each page, in each language and theme, over a real suite: the same walk four times. */
const walks = [
  { language: "en", words: en, theme: "dark" },
  { language: "en", words: en, theme: "light" },
  { language: "ru", words: ru, theme: "dark" },
  { language: "ru", words: ru, theme: "light" },
] as const;

/** Stands for what no test can know, and all after it. */
const CUT = "\u0000";
const beginning = (text: string) => text.split(CUT)[0] as string;

const ribbon = (page: Page) => page.locator(".past-ribbon");
const button = (within: Page | Locator, name: string) => within.getByRole("button", { name, exact: true });

async function rulesOf(page: Page): Promise<Config> {
  return (await (await page.request.get(new URL("api/v1/config", urls.pulse).href)).json()).config;
}

/** Opens a sheet by its key, and answers it. */
async function sheet(page: Page, key: string): Promise<Locator> {
  await page.keyboard.press(key);
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  return dialog;
}

for (const { language, words, theme } of walks) {
  test.describe(`${language}, ${theme}`, () => {
    test.slow();
    let subject: string;

    test.beforeEach(async ({ page }) => {
      subject = newSubject();
      await page.addInitScript(
        ([language, theme]) => {
          localStorage.setItem("iskra.language", language as string);
          localStorage.setItem("iskra.theme", theme as string);
        },
        [language, theme],
      );
    });

    test.afterEach(async ({ page }) => {
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
    });

    test("Pulse: the subject, its vitals, its alert and who is told, what can be done, and the past", async ({
      page,
    }) => {
      await send(page, { subject, ...well });
      await page.goto(`${urls.pulse}?subject=${subject}`);
      await expect(headline(page)).toContainText(words.lights.green);
      for (const name of Object.values(words.vitals)) {
        await expect(tile(page, name)).toContainText(words.levels.OK);
        await expect(tile(page, name)).toContainText(words.budgets.name);
      }
      await send(page, { subject, ...well, pain: 0.95 });
      await expect(headline(page)).toContainText(words.lights.red);
      const pain = tile(page, words.vitals.pain);
      await expect(pain).toContainText(`${words.levels.BLOCK} P0`);
      await expect(pain).toContainText(words.sides.high);

      const card = page.locator(".card", { hasText: subject });
      await expect(card).toContainText("P0");
      await expect(card).toContainText(words.alerts.doThis);
      await expect(card.getByRole("list", { name: words.climb.label })).toContainText("DevOps Lead");
      await expect(page.locator("main")).toContainText(words.deeds.title);
      const action = (await rulesOf(page)).actions.find(({ id }) => id === "emergency_recovery");
      await expect(page.locator("main")).toContainText(action?.name[language] ?? "no such action");

      await card.getByRole("button", { name: new RegExp(`^${words.alerts.acknowledge}`) }).click();
      await page.getByLabel(words.alerts.name).fill("Ann");
      await button(page, words.alerts.confirm).click();
      await expect(card).toContainText(beginning(words.alerts.acknowledged("Ann", CUT)));
      await card.getByRole("button", { name: new RegExp(`^${words.silences.ask}`) }).click();
      await page.getByLabel(words.alerts.name).fill("Ann");
      await button(page, words.silences.confirm).click();
      await expect(page.getByRole("list", { name: words.silences.title })).toContainText("Ann");

      await checkLook(page);
      await send(page, { subject, ...well, pain: 0.31 });
      await expect(headline(page)).toContainText(words.lights.green);
      await expect(async () => {
        await page.keyboard.press("[");
        await expect(headline(page)).toContainText(words.lights.red, { timeout: 500 });
      }).toPass();
      await expect(ribbon(page)).toContainText(words.time.paused);
      await page.locator(".track-mark[data-priority=P0]").click();
      await expect(page.getByRole("dialog")).toContainText(words.happenings.goThere);
      await page.keyboard.press("Escape");
      await checkLook(page);
      await button(ribbon(page), words.time.goLive).click();
      await expect(ribbon(page)).toBeHidden();

      await expect(await sheet(page, "?")).toContainText(words.keys.wall);
      await page.keyboard.press("Escape");
      const saving = await sheet(page, "e");
      await expect(saving).toContainText(words.save.png);
      const download = page.waitForEvent("download");
      await saving.getByRole("button", { name: /^JSON/ }).click();
      expect((await download).suggestedFilename()).toMatch(/\.json$/);

      await button(page, words.preview.open(words.vitals.pain)).click();
      const preview = page.getByRole("dialog");
      const edge = preview.getByRole("slider", { name: words.preview.edge(words.levels.WARN, words.sides.high) });
      await edge.focus();
      await page.keyboard.press("PageUp");
      await expect(preview.locator("pre")).toContainText('"> 0.55"');
      await checkLook(page);
      await page.keyboard.press("Escape");

      await page.keyboard.press("w");
      await expect(page.locator(".header")).toBeHidden();
      await expect(headline(page)).toContainText(words.lights.green);
      await page.keyboard.press("w");
      await expect(page.locator(".header")).toBeVisible();
    });

    test("Seams: the state, the portrait, the seam and its moment, and how often", async ({ page }) => {
      await page.goto(`${urls.seams}?subject=${subject}`);
      const nameOf = (id: string, { states }: Config) => states.find((state) => state.id === id)?.name[language] ?? id;
      const rules = await rulesOf(page);
      const heading = page.locator(".state-headline").getByRole("heading");
      // A state must hold for a while, in samples, before its seam is drawn.
      const until = async (state: string, vitals: object) => {
        await expect(async () => {
          await send(page, { subject, ...vitals });
          await expect(heading).toHaveText(nameOf(state, rules), { timeout: 500 });
        }).toPass({ timeout: 30_000 });
      };
      await until("CREATIVE_TENSION", well);
      await until("CRYSTALLIZATION", { ...well, clarity: 0.9, chaos: 0.1 });
      const pair = [nameOf("CREATIVE_TENSION", rules), nameOf("CRYSTALLIZATION", rules)] as const;
      const seam = page.locator(".seam").first();
      await expect(seam).toContainText(words.seams.pair(...pair));
      await expect(seam).toContainText(words.seams.kinds.pause);
      await expect(page.getByRole("button", { name: words.seams.cell(...pair, "1") })).toBeVisible();
      await expect(page.locator("main")).toContainText(words.seams.portrait);
      await expect(page.locator("main")).toContainText(words.seams.matrix);
      await seam
        .getByRole("button", { name: beginning(words.seams.goTo(...pair, CUT)) })
        .first()
        .click();
      await expect(ribbon(page)).toContainText(words.time.paused);
      await expect(heading).toHaveText(pair[1]);
      await checkLook(page);
    });

    test("Voices: who speaks, why, in which mood, and the symbols", async ({ page }) => {
      await page.goto(`${urls.voices}?subject=${subject}`);
      await expect(page.getByRole("group", { name: words.connection.label })).toContainText(words.connection.live);
      await send(page, { subject, ...well, trust: 0.45, pain: 0.95 });
      const { voices, symbols } = await rulesOf(page);
      const name = voices.find(({ voice }) => voice === "anhantra")?.name[language] ?? "no such voice";
      await expect(page.locator(".polyphony")).toContainText(name);
      await expect(page.locator(".polyphony")).toContainText(words.voices.moods.leading);
      await expect(page.locator("main")).toContainText(words.voices.score);
      const depth = symbols.find(({ id }) => id === "depth")?.name[language] ?? "no such symbol";
      await expect(page.locator("main")).toContainText(depth);
      const sound = page.getByRole("button", { name: words.voices.sound });
      await expect(sound).toHaveAttribute("aria-pressed", "false");
      await checkLook(page);
    });
  });
}
