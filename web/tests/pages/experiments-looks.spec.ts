import { alert } from "../support/judge";
import { checkLook } from "../support/look";
import { expect, test, urls } from "../support/pulse";
import { ago, artifact, experiment, over, told, tried } from "../support/trial";

for (const colorScheme of ["dark", "light"] as const) {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    test(`the look of experiments in ${colorScheme}, ${width} wide`, async ({ page, service }) => {
      // Looking at everything so often takes its time.
      test.slow();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      const trial = experiment("demo", { name: "demo", paused: "stabilize_system" });
      const ended = alert("demo", "pain", 0.75, new Date(Date.now() - 60_000), {
        ...{ simulated: "inbox", state: "resolved", resolved_at: ago(10) },
      });
      service.subjects.set("demo", tried(trial, { pain: 0.75 }));
      service.alerts.set(ended.id, ended);
      service.events.push(told("begun", trial, ago(120)), artifact("demo", { alert: ended.id }));
      await page.goto(urls.pulse);
      await expect(page.locator(".experiment, .row .simulated")).toHaveCount(2);
      await checkLook(page);
      await page.goto(`${urls.pulse}?subject=demo`);
      await page.getByRole("button", { name: /Stop the experiment/ }).click();
      await checkLook(page);
      await page.getByRole("button", { name: ended.summary.en }).click();
      await expect(page.locator(".artifact")).toBeVisible();
      await checkLook(page);
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await checkLook(page);
      await page.keyboard.press("Escape");
      service.event(told("ended", over(trial, "limit")));
      await expect(page.locator(".experiment[data-ended]")).toBeVisible();
      await page.getByRole("button", { name: /Details of the experiment/ }).click();
      await expect(page.locator(".artifact-none")).toBeVisible();
      await checkLook(page);
    });
  }
}

test("Russian is whole", async ({ page, service }) => {
  await page.addInitScript(() => localStorage.setItem("iskra.language", "ru"));
  const trial = experiment("demo", { name: "demo", phase: "" });
  service.subjects.set("demo", tried(trial));
  service.events.push(told("begun", trial, ago(120)));
  await page.goto(`${urls.pulse}?subject=demo`);
  await expect(page.locator(".experiment")).toContainText("осталось");
  await page.getByRole("button", { name: /Подробнее/ }).click();
  service.event(artifact("demo", { experiment: trial.id }));
  await expect(page.locator(".artifact")).toContainText("Что из этого следует");
  await page.locator(".artifact summary").click();
  // Names of experiments and people, and what nobody knows, stand as they were written.
  const words = (await page.locator("body").allInnerTexts()).join();
  const written = /^(Iskra|agent|demo|Ann|WARN|BLOCK|JSON|log|pain_P0_high|alert|opened|escalated|agent)$/;
  expect(words.match(/\b[A-Za-z_][A-Za-z0-9_]{2,}/g)?.filter((word) => !written.test(word)) ?? []).toEqual([]);
});
