import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import type { Event, Seam } from "../../src/protocol";
import { alert } from "../support/judge";
import { expect, test, urls } from "../support/pulse";
import { ago, artifact, experiment, over, told, tried } from "../support/trial";

const view = (page: Page) => page.getByRole("article", { name: "∆DΩΛ artifact" });
const part = (page: Page, name: string) => view(page).locator(".artifact-part", { hasText: name });

const resolved = (fields = {}) =>
  alert("agent-7", "pain", 0.75, new Date(Date.now() - 120_000), {
    ...{ state: "resolved", resolved_at: ago(20) },
    ...fields,
  });

function seam(id: string, fields: Partial<Seam> = {}): Event<"seam"> {
  const scores = { clarity: 0.7, chaos: 0.5, trust: 0.7, pain: 0.4 };
  return {
    ...{ id, subject: "agent-7", at: ago(40), kind: "seam" },
    seam: {
      ...{ id, from: "BALANCED", to: "CRISIS_MODE", kind: "conflict", at: ago(40), took: 5, before: scores },
      ...{ after: scores, intensity: 0.2, strong: true, velocity: 0.1, confidence: 0.9, triggers: [] },
      ...{ voices_before: [], voices_after: [] },
      ...fields,
    },
  };
}

test("an alert that is over opens with its artifact: what changed, how sure, what next, on what evidence", async ({
  page,
  service,
}) => {
  const over = resolved();
  service.alerts.set(over.id, over);
  service.events.push(artifact("agent-7", { alert: over.id }));
  await page.goto(urls.pulse);
  await page.getByRole("button", { name: over.summary.en }).click();
  await expect(page.getByRole("dialog", { name: over.summary.en })).toContainText("Acute pain");
  await expect(view(page)).toContainText(/WARN\s*Valid, and wants a person's eye/);
  await expect(part(page, "What changed").getByRole("row", { name: /Pain/ })).toContainText("0.7400.310−0.43");
  await expect(part(page, "How complete and sure")).toContainText("Coverage0.75");
  await expect(part(page, "How complete and sure")).toContainText("A person has to look at ityes");
  await expect(part(page, "What follows")).toContainText("Next stepFind what raised the pain");
  await expect(part(page, "On what evidence")).toContainText("Acknowledged byAnn");
  const trace = part(page, "On what evidence").locator("dd", { hasText: "alert opened" });
  await expect(trace.locator("li").first()).toContainText(/\d\d:\d\d:\d\d alert opened 0-900\.pain_P0_high/);
  await trace.getByText("4 more").click();
  await expect(trace.locator("li")).toHaveCount(12);
  const saved = page.waitForEvent("download");
  await view(page)
    .getByRole("button", { name: /Save the artifact/ })
    .click();
  const file = await (await saved).path();
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ omega: { coverage_density: 0.75 } });
});

test("who waits for the artifact of a firing alert sees it come", async ({ page, service }) => {
  const firing = alert("agent-7", "pain", 0.75, new Date());
  service.alerts.set(firing.id, firing);
  await page.goto(urls.pulse);
  await page.getByRole("button", { name: firing.summary.en, exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText("No artifact yet: it is kept when the alert is over.");
  service.alert("resolved", { ...firing, state: "resolved", resolved_at: ago(0) });
  service.event(artifact("agent-7", { alert: firing.id }));
  await expect(view(page)).toBeVisible();
});

test("a seam has the artifact that names it, else that of the experiment around it, else none", async ({
  page,
  service,
}) => {
  const trial = over(experiment("agent-7", { from: ago(60), until: ago(10) }), "passed", ago(20));
  service.subjects.set("agent-7", tried(trial));
  service.events.push(seam("0-1.seam", { at: ago(100), to: "BALANCED" }), seam("0-2.seam"), seam("0-3.seam"));
  service.events[0] = { ...service.events[0], at: ago(100) } as Event;
  service.events.push(
    told("ended", trial, ago(20)),
    artifact("agent-7", { events: ["0-3.seam"], by: "Ann", status: "OK" }),
    artifact("agent-7", { experiment: trial.id, by: "runner" }),
    artifact("agent-7", { experiment: trial.id, alert: "0-9.pain_P0_high" }),
  );
  await page.goto(urls.pulse);
  const open = async (index: number) => {
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.locator('.track-mark[data-kind="seam"]').nth(index).dispatchEvent("click");
  };
  await open(0);
  await expect(page.getByRole("dialog")).toContainText("No ∆DΩΛ artifact belongs to this.");
  await open(1);
  await expect(page.getByRole("dialog")).toContainText("It lies within the experiment stagnation-to-creative");
  await expect(view(page).first()).toContainText("by runner");
  await page.getByText("Another that belongs to it").click();
  await expect(view(page).last()).toContainText("by Iskra");
  await open(2);
  await expect(view(page)).toContainText("by Ann");
});

test("what is opened in the moment in which another closes stays open", async ({ page, service }) => {
  service.events.push(seam("0-1.seam", { at: ago(60) }), seam("0-2.seam", { to: "BALANCED" }));
  await page.goto(urls.pulse);
  const marks = page.locator('.track-mark[data-kind="seam"]');
  await expect(marks).toHaveCount(2);
  await marks.first().dispatchEvent("click");
  await expect(page.getByRole("dialog")).toBeVisible();
  const name = await page.getByRole("dialog").getAttribute("aria-label");
  await page.evaluate(() => {
    document.querySelector("dialog")?.close();
    document.querySelectorAll<HTMLElement>('.track-mark[data-kind="seam"]')[1]?.click();
  });
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await page.getByRole("dialog").getAttribute("aria-label")).not.toBe(name);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("what nobody knows is shown as it is written, and is never more than text", async ({ page, service }) => {
  const evil = '<img src=x onerror="document.title=1">';
  const record = {
    delta: { clarity: { from: 0.9, to: "low" }, [evil]: { deeper: { and: { deeper: { still: { deep: [evil] } } } } } },
    omega: evil,
    lambda: { status: "constructor", toString: "‮txet", constructor: { name: evil }, list: [[1, [2, [3]]], null, true] },
    sift: { source: evil, "a field of ours": "https://example.com/" },
    "what the moon said": evil.repeat(40),
  };
  const kept = artifact(
    "agent-7",
    { by: evil, status: "BLOCK" },
    JSON.parse(`{"__proto__": ["x"], ${JSON.stringify(record).slice(1)}`),
  );
  service.events.push(kept);
  await page.goto(urls.pulse);
  await page.getByRole("button", { name: /∆DΩΛ artifact: BLOCK/ }).click();
  await expect(view(page)).toContainText(`by ${evil}`);
  await expect(view(page)).toContainText("Not valid.");
  await expect(part(page, "How deep it goes")).toContainText("Left out.");
  await expect(part(page, "What changed")).toContainText(evil);
  await expect(part(page, "What follows")).toContainText("Statusconstructor");
  await expect(part(page, "What follows")).toContainText("toString");
  await expect(part(page, "Besides")).toContainText("what the moon said");
  expect(await view(page).locator("img, a, script").count()).toBe(0);
  await expect(page).toHaveTitle(/Pulse/);
  await page.setViewportSize({ width: 390, height: 844 });
  const overhang = await page.getByRole("dialog").evaluate((sheet) => sheet.scrollWidth - sheet.clientWidth);
  expect(overhang).toBeLessThanOrEqual(0);
});

test("that the service does not answer is not taken for that there is none", async ({ page, service }) => {
  const over = resolved();
  service.alerts.set(over.id, over);
  await page.route("**/api/v1/artifacts?*", (route) => route.abort());
  await page.goto(urls.pulse);
  await page.getByRole("button", { name: over.summary.en }).click();
  await expect(page.getByRole("dialog")).toContainText("Whether it has an artifact is not known");
});
