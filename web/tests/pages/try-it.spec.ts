import type { Page } from "@playwright/test";
import { alert, judged } from "../support/judge";
import { ports } from "../support/ports";
import { expect, headline, sample, test, urls } from "../support/pulse";
import { ago, artifact, experiment, over, told, tried } from "../support/trial";

const begin = (page: Page) => page.getByRole("button", { name: "Try it" });
const guide = (page: Page) => page.locator(".guide");
const refusal = (status: number, detail: string) => () => ({ status, body: { title: "No", detail, status } });

test("who has nothing to watch is told how to begin, and is shown around by a simulated agent", async ({
  page,
  service,
}) => {
  service.subjects.clear();
  const trial = experiment("demo", { name: "demo", phase: "", dose: 0 });
  service.begin = () => ({ status: 201, body: { experiment: trial } });
  await page.goto(urls.pulse);
  await expect(page.getByRole("region", { name: "A command that sends a sample" })).toContainText("api/v1/samples");
  await expect(page.getByRole("link", { name: "All that the service can be asked" })).toBeVisible();
  await begin(page).click();
  expect(service.experimentRequests).toEqual([{ name: "demo" }]);
  await expect(headline(page)).toContainText("demo");
  expect(new URL(page.url()).searchParams.get("subject")).toBe("demo");
  const lives = (fields = {}) => {
    const measured = sample("demo", fields);
    service.sample(measured, judged(measured));
  };
  service.event(told("begun", trial));
  lives();
  await expect(guide(page)).toContainText("A simulated agent is well");
  service.event(told("steered", { ...trial, phase: "stimulation", dose: 3 }));
  await expect(guide(page)).toContainText("A little chaos is injected");
  service.event(told("steered", { ...trial, phase: "collapse" }));
  lives({ pain: 0.55 });
  await expect(guide(page)).toContainText("It gets worse");
  lives({ pain: 0.75 });
  const fires = alert("demo", "pain", 0.75, new Date(), { simulated: "inbox" });
  service.alert("opened", fires);
  await expect(guide(page)).toContainText("an alert fired");
  await guide(page).getByRole("link", { name: "To the alert" }).click();
  await expect(page).toHaveURL(/#alerts$/);
  lives();
  service.alert("resolved", { ...fires, state: "resolved", resolved_at: ago(0) });
  await expect(guide(page)).toContainText("It recovers");
  service.event(artifact("demo", { alert: fires.id }));
  service.event(told("ended", over(trial, "passed")));
  service.event(artifact("demo", { experiment: trial.id, status: "OK" }));
  await expect(guide(page)).toContainText("That was all");
  await guide(page).getByRole("button", { name: "The alert and its record" }).click();
  await expect(page.getByRole("dialog")).toContainText("wants a person's eye");
  await page.keyboard.press("Escape");
  await guide(page).getByRole("button", { name: "The experiment and its record" }).click();
  await expect(page.getByRole("dialog")).toContainText("Complete and sure");
});

test("the other pages name Pulse, which takes samples and begins experiments", async ({ page, service }) => {
  service.ports = ports;
  service.subjects.clear();
  await page.goto(urls.voices);
  await expect(page.locator("pre")).toContainText(`curl ${urls.pulse}api/v1/samples`);
  await page.getByRole("link", { name: "Try it on Pulse, with a simulated agent" }).click();
  await expect(begin(page)).toBeVisible();
});

const refusals: [name: string, status: number, words: RegExp][] = [
  ["that it runs already", 409, /It runs already\./],
  ["that too many run", 429, /Several experiments run already/],
  ["that it runs none", 404, /This service runs no experiments/],
  ["that it cannot now", 503, /It could not begin\. Try again in a moment\. the log cannot be read now/],
];
for (const [name, status, words] of refusals) {
  test(`a service that says ${name} is put into kind words`, async ({ page, service }) => {
    service.subjects.clear();
    service.begin = refusal(status, "the log cannot be read now");
    await page.goto(urls.pulse);
    await begin(page).click();
    await expect(page.getByRole("alert")).toContainText(words);
    await expect(begin(page)).toBeEnabled();
  });
}

test("one that runs already can be looked at", async ({ page, service }) => {
  const trial = experiment("demo", { name: "demo" });
  service.subjects.set("demo", tried(trial));
  service.begin = refusal(409, "");
  await page.goto(urls.pulse);
  await expect(page.locator(".pulse")).toBeVisible();
  await page.keyboard.press("?");
  await begin(page).click();
  await page.getByRole("button", { name: "Show it" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(headline(page)).toContainText("demo");
});

test("it can be tried from the help at any time, and the page comes back from the past for it", async ({
  page,
  service,
}) => {
  service.begin = () => ({ status: 201, body: { experiment: experiment("demo", { name: "demo" }) } });
  await page.goto(`${urls.pulse}?subject=agent-7&at=${ago(60)}`);
  await expect(page.locator(".pulse")).toBeVisible();
  await page.keyboard.press("?");
  await begin(page).click();
  await expect(headline(page)).toContainText("demo");
  await expect(page.locator(".past-ribbon")).toHaveCount(0);
});

test("who watches one subject only finds the first steps at hand, and who watches more does not need them", async ({
  page,
  service,
}) => {
  service.begin = () => ({ status: 201, body: { experiment: experiment("demo", { name: "demo" }) } });
  await page.goto(urls.pulse);
  await page.getByRole("button", { name: "First steps" }).click();
  await expect(page.getByRole("dialog", { name: "First steps" })).toContainText("curl");
  await begin(page).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  service.event(told("begun", experiment("demo", { name: "demo" })));
  await expect(headline(page)).toContainText("demo");
  await expect(page.getByRole("button", { name: "First steps" })).toHaveCount(0);
});

test("who is shown around is led back through it by the past", async ({ page, service }) => {
  const trial = experiment("demo", { name: "demo" });
  const fires = alert("demo", "pain", 0.75, new Date(Date.now() - 60_000), { simulated: "inbox" });
  service.subjects.set("demo", tried(over(trial, "passed")));
  service.past = () => ({ start: { subjects: [tried(trial, { pain: 0.75 })], alerts: [fires] }, updates: [] });
  await page.goto(`${urls.pulse}?subject=demo&at=${ago(30)}`);
  await expect(guide(page)).toContainText("an alert fired");
});
