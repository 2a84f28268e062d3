import type { Page } from "@playwright/test";
import type { Subject } from "../../src/protocol";
import { alert, judged, silent } from "../support/judge";
import { banner, expect, headline, sample, test, urls } from "../support/pulse";

const row = (page: Page, name: string) => page.locator(".row", { has: page.getByRole("link", { name, exact: true }) });
const names = (page: Page) => page.locator(".row-name").allTextContents();
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

test.beforeEach(({ service }) => {
  const shop: [string, Parameters<typeof sample>[1]][] = [
    ["shop.cart", { clarity: 0.68 }],
    ["shop.pay", { pain: 0.82 }],
  ];
  for (const [name, fields] of shop) service.subjects.set(name, judged(sample(name, fields)));
  service.subjects.set("host", silent(sample("host", { at: minutesAgo(5).toISOString() })));
});

test("all subjects are shown, the worst first, with what there is to know of each", async ({ page, service }) => {
  for (const value of [0.65, 0.82]) {
    const each = alert("shop.pay", "pain", value, minutesAgo(1));
    service.alerts.set(each.id, each);
  }
  service.subjects.set("shop.pay", {
    ...(service.subjects.get("shop.pay") as Subject),
    state: { state: "CRISIS_MODE", since: minutesAgo(1).toISOString() },
  });
  await page.goto(urls.pulse);
  await expect.poll(() => names(page)).toEqual(["shop.pay", "host", "shop.cart", "agent-7"]);
  await expect(page.getByRole("heading", { name: "1 of 4 is blocked" })).toBeVisible();
  await expect(row(page, "shop.pay")).toContainText("Crisis");
  await expect(row(page, "shop.pay").locator(".cell", { hasText: "Pain" })).toContainText("0.820 BLOCK, P0, too high");
  await expect(row(page, "shop.pay").locator(".row-alerts")).toContainText("P0");
  await expect(row(page, "host")).toContainText("5m ago");
  await expect(row(page, "host").locator(".cell", { hasText: "Pain" })).toContainText("stale");
  await expect(page).toHaveTitle("P0 ×1 · Pulse");
});

test("what streams in of any subject is shown, and changes its place", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(row(page, "agent-7")).toContainText("0.300");
  const hurt = sample("agent-7", { pain: 0.95, trust: 0.3, clarity: 0.4 });
  service.sample(hurt, judged(hurt));
  await expect(row(page, "agent-7")).toContainText("0.950");
  await expect.poll(async () => (await names(page))[0]).toBe("agent-7");
  await expect(page.getByRole("heading", { name: "2 of 4 are blocked" })).toBeVisible();
});

test("one is chosen, and a key, a link or the way back leads to all again", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await row(page, "shop.cart").click();
  await expect(headline(page)).toContainText("shop.cart");
  await expect(page).toHaveURL(/\?subject=shop\.cart$/);
  await page.keyboard.press("Escape");
  await expect(row(page, "shop.cart").getByRole("link")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(headline(page)).toContainText("agent-7");
  await page.keyboard.press("a");
  await expect(page.locator(".row")).toHaveCount(4);
  await row(page, "shop.pay").click();
  await page.getByRole("link", { name: "All subjects" }).click();
  await expect(page.locator(".row")).toHaveCount(4);
  await page.goBack();
  await expect(headline(page)).toContainText("shop.pay");

  // Samples of all are streamed while all are shown, and of one while one is.
  const [last, one] = [service.subscriptions.at(-1), service.subscriptions.at(-2)];
  const wanted = [last, one].map((each) => [each?.subjects, each?.channels.includes("pain")]);
  expect(wanted).toContainEqual([["shop.pay"], true]);
  expect(wanted).toContainEqual([undefined, false]);
});

test("Escape in a field that opened over the page closes only that", async ({ page, service: _ }) => {
  await page.goto(`${urls.pulse}?subject=agent-7`);
  await page.getByRole("button", { name: "Go to a moment" }).click();
  await page.locator(".moment-form").getByRole("button", { name: "Go", exact: true }).focus();
  await page.keyboard.press("Escape");
  await expect(page.locator(".moment-form form")).toBeHidden();
  await expect(headline(page)).toContainText("agent-7");
});

test("subjects are searched, filtered, ordered and grouped; order and groups are remembered", async ({
  page,
  service: _,
}) => {
  await page.goto(urls.pulse);
  await expect(page.locator(".row")).toHaveCount(4);
  await page.keyboard.press("/");
  await page.keyboard.type("shop");
  await expect.poll(() => names(page)).toEqual(["shop.pay", "shop.cart"]);
  await page.getByRole("searchbox").fill("");
  await page.getByRole("button", { name: "Warning" }).click();
  await page.getByRole("button", { name: "No data" }).click();
  await expect.poll(() => names(page)).toEqual(["host", "shop.cart"]);
  await page.getByRole("button", { name: "Warning" }).click();
  await page.getByRole("button", { name: "No data" }).click();
  await page.getByRole("button", { name: "Name" }).click();
  await expect.poll(() => names(page)).toEqual(["agent-7", "host", "shop.cart", "shop.pay"]);
  await page.getByRole("button", { name: "Groups" }).click();
  await expect(page.locator(".subjects-group")).toHaveText(["shop 2", "Others 2"]);
  await page.reload();
  await expect.poll(() => names(page)).toEqual(["shop.cart", "shop.pay", "agent-7", "host"]);
});

test("a lost connection leaves no subject well", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(page.locator('.row[data-light="green"]')).toHaveCount(1);
  service.isUp = false;
  await service.drop();
  await expect(banner(page)).toBeVisible();
  await expect(page.locator('.row[data-light="unknown"]')).toHaveCount(4);
  await expect(page.locator(".summary h2")).toHaveText("Unknown");
});

test("a moment of the past is shown as it was for all", async ({ page, service }) => {
  service.past = () => {
    const then = (name: string, fields: Parameters<typeof sample>[1]) => {
      const { latest: _, ...subject } = judged(sample(name, { at: minutesAgo(20).toISOString(), ...fields }));
      return subject;
    };
    const subjects = [then("agent-7", { trust: 0.2 }), then("shop.pay", {})];
    return { start: { subjects, alerts: [] }, updates: [] };
  };
  await page.goto(`${urls.pulse}?at=${minutesAgo(10).toISOString()}`);
  await expect.poll(() => names(page)).toEqual(["agent-7", "shop.pay"]);
  await expect(row(page, "agent-7")).toContainText("0.200");
  await expect(page.getByText("a value is the last one known")).toBeVisible();
  expect(service.pastRequests.every((url) => !url.searchParams.has("subject"))).toBe(true);
  await page.keyboard.press("l");
  await expect.poll(() => names(page)).toEqual(["shop.pay", "host", "shop.cart", "agent-7"]);
});

test("of many subjects those in sight are drawn in full, wherever one scrolls", async ({ page, service }) => {
  for (let i = 10; i < 110; i += 1) service.subjects.set(`agent-${i}`, judged(sample(`agent-${i}`)));
  await page.goto(urls.pulse);
  await expect(page.locator(".row")).toHaveCount(104);
  await expect(row(page, "agent-99").locator(".cell")).toHaveCount(0);
  await row(page, "agent-99").scrollIntoViewIfNeeded();
  await expect(row(page, "agent-99").locator(".cell")).toHaveCount(4);
  service.sample(sample("agent-99", { pain: 0.31 }));
  await expect(row(page, "agent-99")).toContainText("0.310");
});

test("alerts of all subjects are marked on the line of time, stepped through and explained", async ({
  page,
  service,
}) => {
  const opened = minutesAgo(5);
  const hurt = alert("shop.pay", "pain", 0.82, opened);
  service.alerts.set(hurt.id, hurt);
  await page.goto(urls.pulse);
  const marks = page.locator(".track-mark");
  await expect(marks).toHaveCount(1);
  service.alert("opened", alert("agent-7", "trust", 0.5, new Date()));
  await expect(marks).toHaveCount(2);
  await row(page, "shop.cart").click();
  await expect(headline(page)).toContainText("shop.cart");
  await page.keyboard.press("a");
  await expect(marks).toHaveCount(2);
  await marks.first().click();
  await expect(page.getByRole("dialog", { name: /Pain of shop.pay/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("[");
  await page.keyboard.press("[");
  // When it had happened.
  const after = new Date(opened.getTime() + 1).toISOString();
  await expect(page).toHaveURL(new RegExp(`at=${encodeURIComponent(after)}`));
  await expect(page.locator(".overview")).toBeVisible();
});
