import { judged } from "../support/judge";
import { expect, headline, sample, test, tile, urls } from "../support/pulse";

test("without a choice the only subject is shown; where all cannot be shown the worst", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("agent-7");
  service.subjects.set("agent-8", judged(sample("agent-8", { chaos: 0.9 })));
  await page.goto(urls.seams);
  await expect(page).toHaveTitle(/agent-8/);
});

test("a link leads to a subject, and choosing another changes the link", async ({ page, service }) => {
  service.subjects.set("agent-8", judged(sample("agent-8", { pain: 0.4 })));
  await page.goto(`${urls.pulse}?subject=agent-8`);
  await expect(headline(page)).toContainText("agent-8");
  await expect(tile(page, "Pain")).toContainText("0.400");
  await page.getByRole("link", { name: /agent-7/ }).click();
  await expect(headline(page)).toContainText("agent-7");
  await expect(tile(page, "Pain")).toContainText("0.300");
  expect(new URL(page.url()).searchParams.get("subject")).toBe("agent-7");
  await page.goBack();
  await expect(headline(page)).toContainText("agent-8");
});

test("a subject of which nothing is known is not shown as well", async ({ page, service: _ }) => {
  await page.goto(`${urls.pulse}?subject=agent-99`);
  await expect(headline(page)).toContainText("Nothing has ever been measured");
  await expect(headline(page)).toContainText("No data");
});

test("many subjects are searched, worst first, by keyboard", async ({ page, service }) => {
  for (let i = 10; i < 60; i += 1) service.subjects.set(`agent-${i}`, judged(sample(`agent-${i}`)));
  service.subjects.set("agent-33", judged(sample("agent-33", { trust: 0.3 })));
  await page.goto(`${urls.pulse}?subject=agent-7`);
  await page.getByRole("button", { name: /51 subjects/ }).click();
  const found = page.locator(".search a");
  await expect(found.first()).toContainText("agent-33");
  await page.keyboard.type("agent-4");
  await expect(found).toHaveCount(10);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(headline(page)).toContainText("agent-41");
  await expect(page.locator(".search")).toBeHidden();
  await expect(page.getByRole("button", { name: /51 subjects/ })).toBeFocused();
});
