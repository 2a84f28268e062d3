import type { Page } from "@playwright/test";
import { alert, judged } from "../support/judge";
import { ports } from "../support/ports";
import { expect, headline, sample, test, urls } from "../support/pulse";
import { ago, artifact, experiment, over, told, tried } from "../support/trial";

const strip = (page: Page, name = "stagnation-to-creative") => page.getByRole("region", { name: `Experiment ${name}` });
const marks = (page: Page, kind: string) => page.locator(`.track-mark[data-kind="${kind}"]`);

for (const name of ["pulse", "seams", "voices"] as const) {
  test(`${name} says that a subject is simulated, and how far its experiment is`, async ({ page, service }) => {
    const trial = experiment("lab");
    service.subjects.set("lab", tried(trial));
    service.events.push(told("begun", { ...trial, phase: "", dose: 0 }, ago(120)), told("steered", trial, ago(60)));
    await page.goto(`${urls[name]}?subject=lab`);
    await expect(strip(page)).toContainText("Phase: stimulation");
    await expect(strip(page)).toContainText("chaos injected: 3 of 10");
    await expect(strip(page)).toContainText(/(8m|7m \d+s) left/);
    await expect(strip(page)).toContainText("begun by Ann");
    await expect(page.locator(".headline, .state-headline").getByText("simulated")).toBeVisible();
    await expect(page.locator(".picker").getByRole("link", { name: /lab/ }).locator(".flask")).toBeVisible();
    await expect(page.locator(".track-experiments span")).toHaveCount(1);
    await expect(marks(page, "experiment")).toHaveCount(2);
    // The page follows without being asked.
    service.event(told("paused", { ...trial, paused: "stabilize_system" }));
    await expect(strip(page)).toContainText("held back by “Stabilize the system”");
    const ended = over(trial, "limit");
    service.event(told("ended", ended));
    await expect(strip(page)).toContainText("Stopped at a limit. Pain 0.63 above 0.60");
    await expect(strip(page).getByRole("button", { name: /Stop/ })).toHaveCount(0);
    await expect(marks(page, "experiment")).toHaveCount(4);
    await expect(page.locator(".headline, .state-headline").getByText("simulated")).toBeVisible();
  });
}

test("a real subject is real again when its experiment is over, and its end is told all the same", async ({
  page,
  service,
}) => {
  const { simulated: _, ...trial } = experiment("agent-7");
  service.subjects.set("agent-7", tried(trial));
  await page.goto(urls.pulse);
  await expect(strip(page)).toContainText("Phase: stimulation");
  await expect(page.getByText("simulated")).toHaveCount(0);
  service.event(told("ended", over(trial, "passed")));
  await expect(strip(page)).toContainText("Passed. Pain 0.63 above 0.60");
});

test("one that does not begin says why", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(headline(page)).toContainText("All well");
  service.event(told("refused", over(experiment("agent-7"), "refused")));
  await expect(strip(page)).toContainText("Did not begin. Pain 0.63 above 0.60");
  service.event(told("refused", over(experiment("nobody"), "refused")));
  service.event(told("begun", experiment("agent-7", { phase: "calm" })));
  await expect(strip(page)).toContainText("calm");
  await expect(page.locator(".picker")).not.toContainText("nobody");
});

test("a person stops it by the keyboard, under their name", async ({ page, service }) => {
  const trial = experiment("lab");
  service.subjects.set("lab", tried(trial));
  await page.goto(`${urls.pulse}?subject=lab`);
  const stop = page.getByRole("button", { name: "Stop the experiment stagnation-to-creative" });
  await stop.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Your name")).toBeFocused();
  await page.keyboard.type("Ann");
  await page.keyboard.press("Tab");
  await page.keyboard.type("too much");
  await page.keyboard.press("Enter");
  await expect(strip(page)).toContainText("Recorded. It ends in a moment.");
  expect(service.stoppedExperiments).toEqual([`${trial.id} by Ann: too much`]);
});

test("the other pages lead to Pulse, which alone can stop it", async ({ page, service }) => {
  service.ports = ports;
  service.subjects.set("lab", tried(experiment("lab")));
  await page.goto(`${urls.seams}?subject=lab`);
  await strip(page).getByRole("link", { name: "Stop it on Pulse" }).click();
  await expect(page).toHaveURL(`${urls.pulse}?subject=lab`);
  await expect(page.getByRole("button", { name: "Stop the experiment stagnation-to-creative" })).toBeVisible();
});

test("in the overview a simulated subject is marked, and so are its alerts", async ({ page, service }) => {
  const trial = experiment("lab");
  service.subjects.set("lab", tried(trial, { pain: 0.75 }));
  const simulated = alert("lab", "pain", 0.75, new Date(), { simulated: "inbox" });
  service.alerts.set(simulated.id, simulated);
  await page.goto(urls.pulse);
  await expect(page.locator(".row", { hasText: "lab" }).getByText("simulated")).toBeVisible();
  await expect(page.locator(".row", { hasText: "agent-7" }).getByText("simulated")).toHaveCount(0);
  const card = page.locator(".card");
  await expect(card.getByText("simulated", { exact: true })).toBeVisible();
  // Nobody is told of it, whatever the chain says of others.
  await expect(card).toContainText("nobody outside is told");
  await expect(card).toContainText("SRE would be next");
  await expect(strip(page).getByRole("link", { name: "lab" })).toBeVisible();
  service.alert("resolved", { ...simulated, state: "resolved", resolved_at: ago(0) });
  await expect(page.locator(".resolved").getByText("simulated")).toBeVisible();
});

test("in the past the experiment is as it was then, and nobody can stop it", async ({ page, service }) => {
  const trial = experiment("lab");
  const ended = over(trial, "passed", ago(30));
  service.subjects.set("lab", tried(ended));
  service.events.push(told("begun", trial, ago(120)), told("ended", ended, ago(30)));
  service.past = (from) => ({
    start: { subjects: [tried(from.getTime() < Date.now() - 30_000 ? trial : ended)], alerts: [] },
    updates: [{ at: ago(30), events: [told("ended", ended, ago(30))] }],
  });
  await page.goto(`${urls.pulse}?subject=lab&at=${ago(60)}`);
  await expect(strip(page)).toContainText(/9m left|8m 59s left/);
  await expect(strip(page)).not.toContainText("Passed");
  await expect(strip(page).getByRole("button", { name: /Stop/ })).toHaveCount(0);
  await page.goto(`${urls.pulse}?subject=lab&at=${ago(60)}&speed=60`);
  await expect(strip(page)).toContainText("Passed");
});

test("of a moment at which a real subject was tried nothing later is told", async ({ page, service }) => {
  const { simulated: _, ...trial } = experiment("agent-7");
  const ended = over(trial, "passed", ago(30));
  service.events.push(told("begun", trial, ago(120)), told("ended", ended, ago(30)));
  service.past = () => ({ start: { subjects: [judged(sample("agent-7"))], alerts: [] }, updates: [] });
  await page.goto(`${urls.pulse}?subject=agent-7&at=${ago(60)}`);
  await expect(marks(page, "experiment")).toHaveCount(2);
  await expect(strip(page)).toHaveCount(0);
  await page.goto(`${urls.pulse}?subject=agent-7&at=${ago(20)}`);
  await expect(strip(page)).toContainText("Passed");
});

test("nothing of an experiment looks alive while the connection is lost", async ({ page, service }) => {
  service.subjects.set("lab", tried(experiment("lab")));
  await page.goto(`${urls.pulse}?subject=lab`);
  await expect(strip(page)).toContainText("left");
  service.isUp = false;
  await service.drop();
  await expect(strip(page)).not.toContainText("left");
  await expect(strip(page).getByRole("button", { name: /Stop/ })).toHaveCount(0);
});

test("its details are its limits, its course and its artifact", async ({ page, service }) => {
  const trial = experiment("lab");
  service.subjects.set("lab", tried(trial));
  service.events.push(told("begun", { ...trial, phase: "", dose: 0 }, ago(120)), told("steered", trial, ago(60)));
  await page.goto(`${urls.voices}?subject=lab`);
  await page.getByRole("button", { name: "Details of the experiment stagnation-to-creative" }).click();
  const sheet = page.getByRole("dialog");
  await expect(sheet).toContainText("Stops at once: Pain above 0.60, Trust below 0.50");
  await expect(sheet.locator(".course li")).toHaveCount(2);
  await expect(sheet).toContainText("No artifact yet: it is kept when the experiment is over.");
  service.event(artifact("lab", { experiment: trial.id, status: "OK" }));
  await expect(sheet.getByRole("article", { name: "∆DΩΛ artifact" })).toContainText("Complete and sure");
});

test("of what happened in the window the list tells of experiments too", async ({ page, service }) => {
  const trial = experiment("lab");
  service.subjects.set("lab", { ...judged(sample("lab")), experiment: trial });
  service.events.push(told("begun", trial, ago(120)), told("steered", { ...trial, phase: "calm", dose: 0 }, ago(60)));
  await page.goto(`${urls.pulse}?subject=lab`);
  await page.getByRole("button", { name: /stagnation-to-creative: calm/ }).click();
  await expect(page.getByRole("dialog", { name: "stagnation-to-creative: calm" })).toBeVisible();
});
