import AxeBuilder from "@axe-core/playwright";
import { expect, headline, test, urls } from "../support/pulse";

for (const page of ["pulse", "seams", "voices"] as const) {
  test(`${page} says that rules are refused, where and why, until they are good`, async ({ page: tab, service }) => {
    service.refused = {
      at: "2026-01-01T12:00:00Z",
      file: "states.yml",
      line: 12,
      message: "`dwell` is no duration",
    };
    await tab.goto(urls[page]);
    const told = tab.getByRole("alert").filter({ hasText: "The rules cannot be used" });
    await expect(told).toContainText("states.yml, line 12: `dwell` is no duration");
    await expect(told).toContainText("The rules before go on");
    const { violations } = await new AxeBuilder({ page: tab }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);

    await tab
      .getByRole("group", { name: "Language" })
      .getByRole("button", { name: /RU|Русский/ })
      .click();
    await expect(tab.getByRole("alert").filter({ hasText: "Правила не приняты" })).toContainText("строка 12");
    service.refused = undefined;
    await expect(tab.getByText("Правила не приняты")).toHaveCount(0, { timeout: 15_000 });
  });
}

test("a service that does not answer makes no rules good", async ({ page, service }) => {
  service.refused = { at: "2026-01-01T12:00:00Z", message: "no key" };
  await page.goto(urls.pulse);
  await expect(page.getByText("The rules cannot be used")).toBeVisible();
  await expect(headline(page)).toContainText("All well");
  let asked = 0;
  await page.route("**/api/v1/config", (route) => {
    asked += 1;
    return route.fulfill({ status: 503, json: { title: "not now", status: 503 } });
  });
  await expect.poll(() => asked, { timeout: 15_000 }).toBeGreaterThanOrEqual(1);
  await expect(page.getByText("The rules cannot be used")).toBeVisible();
});
