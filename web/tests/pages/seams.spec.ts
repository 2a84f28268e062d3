import type { Page } from "@playwright/test";
import { judged } from "../support/judge";
import { lively } from "../support/life";
import { checkLook } from "../support/look";
import { banner, test as base, expect, sample, urls } from "../support/pulse";

/** The service watches `agent-7`, whose past is full of seams, and a friend of his. */
const test = base.extend<{ past: undefined }>({
  past: [
    async ({ service }, use) => {
      lively(service, "agent-7");
      const since = new Date(Date.now() - 90_000).toISOString();
      service.subjects.set("payments", { ...judged(sample("payments")), state: { state: "HARMONIOUS_FLOW", since } });
      await use(undefined);
    },
    { auto: true },
  ],
});

const open = (page: Page, query = "") => page.goto(`${urls.seams}?subject=agent-7${query}`);
const headline = (page: Page) => page.locator(".state-headline");
const rows = (page: Page) => page.locator(".seam");
const ribbon = (page: Page) => page.locator(".past-ribbon");
const cell = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

test("the state, since when, from where, and what is a small step away", async ({ page }) => {
  await open(page);
  await expect(headline(page).getByRole("heading")).toHaveText("Creative tension");
  await expect(headline(page)).toContainText("for 1m");
  await expect(headline(page)).toContainText("from Balance");
  await expect(headline(page).locator(".near li").filter({ hasText: "Balance" })).toContainText("clarity −0.0");
  await expect(page).toHaveTitle("Creative tension · agent-7 · Seams");
});

test("a bifurcation is told for as long as its ways are near", async ({ page, service }) => {
  await open(page);
  const near = headline(page).locator(".near");
  await expect(near).toContainText("A small step from");
  const at = new Date().toISOString();
  const states = ["BALANCED", "CREATIVE_INTEGRATION"];
  service.event({ id: "1.bifurcation", subject: "agent-7", at, kind: "bifurcation", states, vitals: {} });
  await expect(near).toContainText("Bifurcation");
  service.sample(sample("agent-7", { clarity: 0.3, chaos: 0.95 }));
  await expect(headline(page)).not.toContainText("Bifurcation");
});

test("a seam that happens now is the new state, the first of the list and the last of the strip", async ({
  page,
  service,
}) => {
  await open(page);
  await expect(rows(page)).toHaveCount(13);
  const at = new Date().toISOString();
  const [latest] = service.events.filter(({ kind }) => kind === "seam").slice(-1);
  if (latest?.kind !== "seam") throw new Error("the past has no seam");
  const seam = { ...latest.seam, from: "CREATIVE_TENSION", to: "CRISIS_MODE", kind: "conflict" as const, at };
  service.event({ ...latest, id: "new.seam", at, seam });
  await expect(headline(page).getByRole("heading")).toHaveText("Crisis");
  await expect(rows(page).first()).toContainText("Creative tension → Crisis");
  await expect(page.locator(".strip-state").last()).toHaveAttribute("data-look", "1");
  await expect(cell(page, "Creative tension → Crisis: 1")).toBeVisible();
});

test("choosing a seam goes to its moment, and marks it everywhere", async ({ page }) => {
  await open(page);
  const row = rows(page).filter({ hasText: "Chaotic creation → Crisis" }).first();
  await row.getByRole("button", { name: /go there/ }).click();
  await expect(ribbon(page)).toContainText("Paused");
  await expect(row).toHaveAttribute("data-current", "true");
  await expect(row).toContainText("no voice → Iskra");
  await expect(row).toContainText("Trust");
  await expect(page.locator(".strip-seam[data-current]")).toHaveAttribute("title", /Chaotic creation → Crisis/);
  await expect(page.locator(".portrait-seam[data-current] line")).toHaveCount(1);
  await expect(headline(page).getByRole("heading")).toHaveText("Crisis");
  // What came later is not yet so.
  await expect(rows(page).first()).toHaveAttribute("data-later", "true");
  await expect(page.locator(".seams-rows > li").nth(3)).toContainText("You are here");

  await row.getByRole("button", { name: "Why Chaotic creation → Crisis" }).click();
  await expect(page.getByRole("dialog", { name: "Chaotic creation → Crisis" })).toContainText("Pain 0.74 above 0.60");
});

test("going to a moment in any other way marks the seam that led there", async ({ page }) => {
  await open(page);
  await expect(rows(page)).toHaveCount(13);
  const strip = page.getByRole("slider", { name: /^States over/ });
  await strip.focus();
  await page.keyboard.press("End");
  for (let i = 0; i < 10; i += 1) await page.keyboard.press("ArrowLeft");
  await expect(strip).toHaveAttribute("aria-valuetext", /: Unknown$/);
  await page.keyboard.press("Enter");
  await expect(ribbon(page)).toBeVisible();
  await expect(rows(page).filter({ hasText: "Crisis → Unknown" }).first()).toHaveAttribute("data-current", "true");
});

test("a transition of the matrix narrows the list down, and lets it go again", async ({ page }) => {
  await open(page);
  const pair = cell(page, "Crystallization → Chaotic creation: 2");
  await pair.hover();
  await expect(page.locator(".strip-seam[data-aside]")).toHaveCount(11);
  await expect(page.locator(".seam[data-aside]")).toHaveCount(11);
  await checkLook(page);
  await pair.click();
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("button", { name: /All seams/ }).click();
  await expect(rows(page)).toHaveCount(13);
});

test("j and k go from seam to seam, of those that are listed", async ({ page }) => {
  await open(page);
  await expect(rows(page)).toHaveCount(13);
  await page.keyboard.press("j");
  await expect(rows(page).nth(0)).toHaveAttribute("data-current", "true");
  await page.keyboard.press("j");
  await expect(rows(page).nth(1)).toHaveAttribute("data-current", "true");
  await page.keyboard.press("k");
  await expect(rows(page).nth(0)).toHaveAttribute("data-current", "true");
  await cell(page, "Crystallization → Chaotic creation: 2").click();
  await page.keyboard.press("j");
  await expect(rows(page).nth(0)).toHaveAttribute("data-current", "true");
  await expect(headline(page).getByRole("heading")).toHaveText("Chaotic creation");
});

test("before the first seam of the window all of them are still to come", async ({ page }) => {
  await open(page);
  await expect(rows(page)).toHaveCount(13);
  await page.getByRole("slider", { name: /^States over/ }).focus();
  await page.keyboard.press("Home");
  // The window moves on meanwhile: a little within it.
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.locator(".seams-rows > li").last()).toContainText("You are here");
  await expect(page.locator(".seam[data-later]")).toHaveCount(13);
});

test("pointing at the strip marks the same instant in the portrait", async ({ page }) => {
  await open(page);
  await expect(rows(page)).toHaveCount(13);
  const box = await page.locator(".strip-slider").boundingBox();
  if (!box) throw new Error("the strip is not there");
  await page.mouse.move(box.x + box.width / 2, box.y + 30);
  await expect(page.locator(".portrait-pointed")).toHaveCount(1);
  const told = await page.locator(".strip-pointed").textContent();
  await expect(page.locator(".readout b")).toHaveText(told ?? "");
  await page.mouse.move(5, 5);
  await expect(page.locator(".portrait-pointed")).toHaveCount(0);
});

test("pointing at the trail finds the moment", async ({ page }) => {
  await open(page);
  await expect(page.locator(".portrait-seam")).toHaveCount(13);
  const here = await page.locator(".portrait-dot").boundingBox();
  if (!here) throw new Error("the subject is not there");
  await page.mouse.move(here.x + 4, here.y + 4);
  await expect(page.locator(".strip-pointed")).toHaveCount(1);
});

test("the others stand by their states, and are a click away", async ({ page }) => {
  await open(page);
  const flow = page.locator(".whereabouts dl > div").filter({ hasText: "Harmonious flow" });
  await flow.getByRole("link", { name: "payments" }).click();
  await expect(headline(page).getByRole("heading")).toHaveText("Harmonious flow");
  await expect(page.getByText("No seam in this time")).toBeVisible();
});

test("what came since the connection was lost is not made up", async ({ page, service }) => {
  await open(page);
  await expect(rows(page)).toHaveCount(13);
  service.isUp = false;
  await service.drop();
  await expect(banner(page)).toBeVisible();
  await expect(headline(page).getByRole("heading")).toHaveText("Unknown");
  await expect(headline(page)).toContainText("Last known: Creative tension");
  const strip = await page.locator(".strip-band").boundingBox();
  const end = () =>
    page
      .locator(".strip-state")
      .last()
      .evaluate((last) => last.getBoundingClientRect().right);
  await expect.poll(end).toBeLessThan((strip?.x ?? 0) + (strip?.width ?? 0) - 1);
});

test("standing still forgets nothing, even when it cannot be loaded anew", async ({ page }) => {
  await open(page);
  await expect(rows(page)).toHaveCount(13);
  await page.route("**/api/v1/events?*", (route) => route.fulfill({ status: 503, json: { title: "no", status: 503 } }));
  const asked = page.waitForResponse(/api\/v1\/events/);
  await page.keyboard.press(" ");
  await asked;
  await expect(page.locator(".seams-told")).toContainText("is not known");
  await expect(rows(page)).toHaveCount(13);
});

test("seams are not crowded out by levels, of which there are many", async ({ page, service }) => {
  const end = Date.now();
  const { verdict } = judged(sample("agent-7"));
  for (let i = 0; i < 1_500; i += 1) {
    const at = new Date(end - i * 500).toISOString();
    service.events.push({ id: `${i}.levels`, subject: "agent-7", at, kind: "levels", changed: [], verdict });
  }
  await open(page);
  await expect(rows(page)).toHaveCount(13);
  await expect(page.locator(".seams-told")).toHaveCount(0);
  // Of the levels the oldest are left out: what the light was then is not known.
  await expect(page.locator(".track-light [data-light=green]")).toHaveCount(1);
  await expect(page.locator(".track-light span").first()).toHaveAttribute("data-light", "unknown");
});

test("a service that does not tell what happened leaves no empty list", async ({ page }) => {
  await page.route("**/api/v1/events?*", (route) => route.fulfill({ status: 503, json: { title: "no", status: 503 } }));
  await open(page);
  await expect(page.locator(".seams-told")).toContainText("is not known");
});

for (const colorScheme of ["dark", "light"] as const) {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    test.describe(`${colorScheme}, ${width} wide`, () => {
      test.use({ colorScheme, viewport: { width, height } });

      test("the present, a moment of the past, and the connection lost", async ({ page, service }) => {
        // Looking at everything four times takes its time.
        test.slow();
        await open(page);
        await expect(rows(page)).toHaveCount(13);
        await checkLook(page);
        await rows(page)
          .nth(4)
          .getByRole("button", { name: /go there/ })
          .click();
        await expect(ribbon(page)).toBeVisible();
        await expect(rows(page).nth(4)).toHaveAttribute("data-current", "true");
        await checkLook(page);
        await page.getByRole("button", { name: "RU" }).click();
        await checkLook(page);
        await page.keyboard.press("l");
        await expect(ribbon(page)).toBeHidden();
        service.isUp = false;
        await service.drop();
        await expect(banner(page)).toBeVisible();
        await checkLook(page);
      });
    });
  }
}

test("Russian is whole", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("iskra.language", "ru"));
  await open(page);
  await expect(headline(page).getByRole("heading")).toHaveText("Творческое напряжение");
  await rows(page)
    .nth(4)
    .getByRole("button", { name: /перейти/ })
    .click();
  await expect(rows(page).nth(4)).toHaveAttribute("data-current", "true");
  const words = (await page.locator("body").allInnerTexts()).join();
  const english = words.match(/[A-Za-z]{3,}/g)?.filter((word) => !/^(Iskra|agent|payments)$/.test(word));
  expect(english ?? []).toEqual([]);
});
