import { alert, judged } from "../support/judge";
import { expect, sample, test, urls } from "../support/pulse";

test("an alert is silenced for a while, and that is seen until it is ended", async ({ page, service }) => {
  const hurt = sample("agent-7", { pain: 0.82 });
  const firing = alert("agent-7", "pain", 0.82, new Date());
  service.subjects.set("agent-7", judged(hurt));
  service.alerts.set(firing.id, firing);
  await page.goto(urls.pulse);

  await page.getByRole("button", { name: /^Silence: Pain of agent-7/ }).click();
  const form = page.locator(".person-form");
  await form.getByLabel("For how long").selectOption("4 hours");
  await form.getByLabel("Your name").fill("Ann");
  await form.getByLabel("Note").fill("we know");
  await form.getByRole("button", { name: "Silence it" }).click();
  await expect(page.getByText("its end is told all the same")).toBeVisible();
  expect(service.silenceRequests).toEqual([
    { subject: "agent-7", rule: firing.rule, for: "4h", by: "Ann", note: "we know" },
  ]);

  // The engine takes note.
  const [from, until] = [new Date(), new Date(Date.now() + 4 * 3_600_000)].map((at) => at.toISOString()) as [
    string,
    string,
  ];
  const silence = { id: "3-9.silence", subject: "agent-7", rule: firing.rule, from, until, by: "Ann", note: "we know" };
  service.alert("notified", { ...firing, silenced: silence });
  service.event({ id: "3-9.silence", subject: "agent-7", at: from, kind: "silence", change: "created", silence });
  const listed = page.getByRole("list", { name: "Silences in force" });
  await expect(listed).toContainText(`Muted: the rule ${firing.rule}`);
  await expect(listed).toContainText("Silenced by Ann until");
  await expect(page.getByRole("button", { name: /^Silence: Pain/ })).toHaveCount(0);

  await listed.getByRole("button", { name: /^End the silence/ }).click();
  await expect.poll(() => service.endedSilences).toEqual(["3-9.silence by Ann"]);
  service.event({ id: "3-9.end", subject: "agent-7", at: until, kind: "silence", change: "ended", silence });
  await expect(listed).toHaveCount(0);
});

test("a silence of everything names no rule, and one that is there at first is shown", async ({ page, service }) => {
  const hurt = sample("agent-7", { pain: 0.82 });
  const firing = alert("agent-7", "pain", 0.82, new Date());
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const silence = { id: "1.silence", subject: "agent-7", from: hurt.at, until, by: "Bob" };
  service.subjects.set("agent-7", { ...judged(hurt), silences: [silence] });
  service.alerts.set(firing.id, firing);
  await page.goto(urls.pulse);
  await expect(page.getByRole("list", { name: "Silences in force" })).toContainText("everything about agent-7");
  await page.getByRole("button", { name: /^Silence: Pain of agent-7/ }).click();
  const form = page.locator(".person-form");
  await form.getByLabel("What").selectOption("everything about agent-7");
  await form.getByLabel("Your name").fill("Ann");
  await form.getByRole("button", { name: "Silence it" }).click();
  await expect.poll(() => service.silenceRequests).toEqual([{ subject: "agent-7", for: "1h", by: "Ann", note: "" }]);
});
