import { alert, budget, judged, silent } from "../support/judge";
import { checkLook } from "../support/look";
import { banner, expect, headline, sample, test, urls } from "../support/pulse";

for (const colorScheme of ["dark", "light"] as const) {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    test.describe(`${colorScheme}, ${width} wide`, () => {
      test.use({ colorScheme, viewport: { width, height } });

      test("a bad night: red, stale, alerts open, taken on and over", async ({ page, service }) => {
        const hurt = sample("agent-7", { pain: 0.82, trust: 0.58 });
        service.subjects.set("agent-7", judged(hurt));
        service.subjects.set("host", silent(sample("host")));
        const opened = new Date(Date.now() - 600_000);
        for (const each of [
          alert("agent-7", "pain", 0.82, opened),
          alert("agent-7", "pain", 0.65, opened),
          alert("host", "trust", 0.58, opened, {
            acknowledged: { by: "Ann", at: opened.toISOString(), note: "on it" },
          }),
          alert("agent-7", "chaos", 0.9, opened, { state: "resolved", resolved_at: new Date().toISOString() }),
        ]) {
          service.alerts.set(each.id, each);
        }
        service.budgets.set("agent-7", [budget("pain", { remaining_ratio: 0.1 }), budget("trust")]);
        const why = {
          en: "Pain 0.82 above 0.60: experiments stop",
          ru: "Боль 0,82 выше 0,60: эксперименты остановлены",
        };
        const suppressed = { at: new Date().toISOString(), why: "cooldown" };
        service.rulesNow = [{ kind: "action", rule: "emergency_recovery", why, suppressed }];
        service.events.push({
          ...{ id: "1", subject: "agent-7", at: opened.toISOString(), kind: "symbol" },
          ...{ symbol: "pause", glyph: "⏳", voice: "sam", reason: why },
        });
        await page.goto(`${urls.pulse}?subject=agent-7`);
        await expect(page.locator(".deed, .held")).toHaveCount(2);
        await expect(page.locator(".resolved li")).toHaveCount(1);
        await expect(page.getByText("One point for each")).toBeVisible();
        await page.getByRole("button", { name: /Acknowledge/ }).click();
        await checkLook(page);
        await page
          .getByRole("button", { name: /Budget/ })
          .first()
          .click();
        await checkLook(page);
        await page.keyboard.press("Escape");
        service.isUp = false;
        await service.drop();
        await expect(banner(page)).toBeVisible();
        await checkLook(page);
      });

      test("all subjects: each light, groups, a search that finds nothing", async ({ page, service }) => {
        service.subjects.set("shop.pay", judged(sample("shop.pay", { pain: 0.82, trust: 0.58 })));
        service.subjects.set("shop.cart", judged(sample("shop.cart", { clarity: 0.68 })));
        service.subjects.set("host", silent(sample("host")));
        const { verdict: _, ...fresh } = judged(sample("new"));
        service.subjects.set("new", { ...fresh, light: "black" });
        for (const vital of ["pain", "trust"] as const) {
          const each = alert("shop.pay", vital, vital === "pain" ? 0.82 : 0.58, new Date());
          service.alerts.set(each.id, each);
        }
        await page.goto(urls.pulse);
        await page.getByRole("button", { name: "Groups" }).click();
        await expect(page.locator(".row")).toHaveCount(5);
        await checkLook(page);
        await page.getByRole("searchbox").fill("nobody");
        await expect(page.getByText("No subject is like that")).toBeVisible();
        await checkLook(page);
      });

      test("nothing to watch yet", async ({ page, service }) => {
        service.subjects.clear();
        await page.goto(urls.pulse);
        await expect(page.locator("pre")).toBeVisible();
        await checkLook(page);
      });
    });
  }
}

test("Russian is whole, and remembered", async ({ page, service: _ }) => {
  await page.goto(urls.pulse);
  await page.getByRole("button", { name: "RU" }).click();
  await expect(headline(page)).toContainText("Всё в норме");
  await expect(page.getByRole("region", { name: "Доверие" })).toContainText("0,800");
  await page.reload();
  await expect(headline(page)).toContainText("Всё в норме");
  await expect(page.locator("html")).toHaveAttribute("lang", "ru");
  const words = (await page.locator("body").allInnerTexts()).join();
  const english = words.match(/[A-Za-z]{3,}/g)?.filter((word) => !/^(Iskra|agent|WARN|BLOCK)$/.test(word));
  expect(english ?? []).toEqual([]);
});

test("the theme follows the system until one is chosen", async ({ page, service: _ }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(urls.pulse);
  const html = page.locator("html");
  await expect(html).toHaveAttribute("data-theme", "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(html).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: "Light theme" }).click();
  await expect(html).toHaveAttribute("data-theme", "light");
  await page.reload();
  await expect(html).toHaveAttribute("data-theme", "light");
});
