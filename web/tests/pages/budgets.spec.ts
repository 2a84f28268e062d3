import { alert, budget } from "../support/judge";
import { expect, test, tile, urls } from "../support/pulse";

const all = (fields: Parameters<typeof budget>[1] = {}) =>
  (["clarity", "chaos", "trust", "pain"] as const).map((vital) => budget(vital, vital === "pain" ? fields : {}));

test("what is left of each budget is told, and all of it on demand", async ({ page, service }) => {
  const [first, ...others] = budget("pain").burns;
  const burns = [
    { ...first, long: 9, short: 21, firing: false },
    { ...others[0], long: undefined },
  ];
  service.budgets.set("agent-7", all({ burns: burns as ReturnType<typeof budget>["burns"] }));
  await page.goto(urls.pulse);
  const row = tile(page, "Pain").getByRole("button", { name: /Budget/ });
  await expect(row).toContainText("60% left");
  await expect(row).toContainText("burns ×21");
  await row.click();
  const sheet = page.getByRole("dialog", { name: "Pain: error budget" });
  await expect(sheet).toContainText("99% of 30d");
  await expect(sheet).toContainText("10d, 33% of the period");
  await expect(sheet).toContainText("20d: it counts neither way");
  await expect(sheet.getByRole("row", { name: /1h \/ 5m/ })).toContainText(/×14\.4.*×9.*×21/);
  // Too fast is only what is above its factor.
  await expect(sheet.locator("td[data-fast]")).toHaveText(/×21/);
  await expect(sheet.getByRole("row", { name: /6h \/ 30m/ })).toContainText("too little measured");
});

test("an overdrawn budget tells by how much time", async ({ page, service }) => {
  service.budgets.set("agent-7", all({ good_seconds: 9_000, bad_seconds: 1_000, remaining_ratio: -9 }));
  await page.goto(urls.pulse);
  await expect(tile(page, "Pain")).toContainText("overdrawn by 15m");
});

test("an alert on a budget brings its news at once", async ({ page, service }) => {
  service.budgets.set("agent-7", all());
  await page.goto(urls.pulse);
  const row = tile(page, "Pain").locator(".budget");
  await expect(row).toContainText("burns ×0.5");
  const [first] = budget("pain").burns;
  service.budgets.set("agent-7", all({ burns: first ? [{ ...first, short: 30, long: 20, firing: true }] : [] }));
  const burning = alert("agent-7", "pain", 0.82, new Date(), { side: undefined, value: 20, threshold: 14.4 });
  service.alert("opened", burning);
  await expect(row.locator("[data-firing]")).toHaveText("burns ×30", { timeout: 3_000 });
  await expect(page.locator(".card")).toContainText("Fired at ×20, threshold ×14.4");
});

test("what nobody tells, and what is not of the past, is not made up", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(tile(page, "Pain")).toContainText("the service did not tell");
  service.budgets.set("agent-7", all());
  await page.goto(`${urls.pulse}?subject=agent-7&at=${new Date(Date.now() - 300_000).toISOString()}`);
  await expect(tile(page, "Pain")).toContainText("told of the present only");
  await page.keyboard.press("l");
  await expect(tile(page, "Pain")).toContainText("60% left");
  await page.keyboard.press(" ");
  await expect(tile(page, "Pain")).toContainText("told of the present only");
});
