import AxeBuilder from "@axe-core/playwright";
import { expect, headline, test, urls } from "../support/pulse";

const yaml = {
  file: "slo-thresholds-matrix.yml",
  line: 42,
  text: "  pain:\n    warn_high: 0.45 # one in twenty hurts\n",
};
const differences = [
  {
    area: "alert",
    name: "P2 PainWarnHigh",
    in_force: { times: 3, seconds: 600 },
    candidate: { times: 7, seconds: 1_900 },
  },
];

test("an edge is dragged, the last week judged anew, and the lines of the file are there to copy", async ({
  page,
  service,
}) => {
  service.backtest = () => ({ status: 200, body: { backtest: { samples: 1_234, differences, yaml } } });
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  await page.getByRole("button", { name: "Try other thresholds for Pain" }).click();
  const sheet = page.getByRole("dialog", { name: "Pain of agent-7: other thresholds" });
  await expect(sheet).toContainText("The edges stand as they do in the rules in force");

  const edge = sheet.getByRole("slider", { name: "Edge of WARN, too high" });
  const [from, plot] = [await edge.boundingBox(), await sheet.locator(".preview-edges").boundingBox()];
  if (!from || !plot) throw new Error("the edge is not there");
  await page.mouse.move(from.x + 100, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 100, plot.y + (1 - 0.452) * plot.height, { steps: 4 });
  await page.mouse.up();
  await expect(edge).toHaveAttribute("aria-valuenow", "0.45");

  await expect(sheet).toContainText("1,234 samples were judged");
  const row = sheet.getByRole("row", { name: /PainWarnHigh/ });
  await expect(row).toContainText("3×, 10m");
  await expect(row).toContainText("7×, 31m");
  await expect(sheet.locator("pre")).toContainText("warn_high: 0.45 # one in twenty hurts");
  expect(service.backtestRequests).toEqual([{ subject: "agent-7", since: "7d", edges: { pain_P2_high: 0.45 } }]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await sheet.getByRole("button", { name: "As in force" }).click();
  await expect(edge).toHaveAttribute("aria-valuenow", "0.5");
  await expect(sheet.locator("pre")).toHaveCount(0);
});

test("keys move an edge up to its neighbour, and what is refused says why", async ({ page, service }) => {
  service.backtest = () => ({ status: 422, body: { title: "No", detail: "more than 3,000,000 samples" } });
  await page.goto(urls.pulse);
  await page.getByRole("button", { name: "Try other thresholds for Pain" }).click();
  const edge = page.getByRole("slider", { name: "Edge of WARN, too high" });
  await edge.focus();
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("PageUp");
  await expect(edge).toHaveAttribute("aria-valuenow", "0.59");
  await expect(page.getByRole("dialog")).toContainText("Not judged: more than 3,000,000 samples");
});
