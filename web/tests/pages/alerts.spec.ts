import { alert } from "../support/judge";
import { expect, test, urls } from "../support/pulse";

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

test("the most urgent alert speaks for the others of its vital", async ({ page, service }) => {
  for (const value of [0.55, 0.82, 0.65]) {
    const each = alert("agent-7", "pain", value, minutesAgo(3));
    service.alerts.set(each.id, each);
  }
  await page.goto(urls.pulse);
  const cards = page.locator(".card");
  await expect(cards).toHaveCount(1);
  await expect(cards).toContainText("P0");
  await expect(cards).toContainText("also P1, P2");
  await expect(cards).toContainText("Fired at 0.820, threshold 0.70");
  await expect(cards).toContainText("Act at once");
});

test("whether people were told is said: sent, held, suppressed", async ({ page, service }) => {
  const statuses = [
    alert("a", "pain", 0.82, minutesAgo(1)),
    alert("b", "pain", 0.82, minutesAgo(1), { notification: { status: "held", until: minutesAgo(-1).toISOString() } }),
    alert("d", "pain", 0.82, minutesAgo(1), {
      notification: { status: "held", until: minutesAgo(-1).toISOString(), by: "silence" },
      silenced: {
        id: "0-9.silence",
        subject: "d",
        from: minutesAgo(2).toISOString(),
        until: minutesAgo(-1).toISOString(),
        by: "Ann",
      },
    }),
    alert("c", "pain", 0.82, minutesAgo(1), { notification: { status: "suppressed" } }),
  ];
  for (const each of statuses) service.alerts.set(each.id, each);
  await page.goto(urls.pulse);
  const card = (subject: string) => page.locator(".card", { hasText: `Pain of ${subject}` });
  await expect(card("a")).toContainText("People were told at");
  await expect(card("b")).toContainText("Held back until");
  await expect(card("d")).toContainText("by a silence");
  await expect(card("d")).toContainText("Silenced by Ann until");
  await expect(card("c")).toContainText("Nobody was told");
});

test("where nobody is paged it does not say that people were told", async ({ page, service }) => {
  service.isPaging = false;
  const hurt = alert("agent-7", "pain", 0.82, minutesAgo(1));
  service.alerts.set(hurt.id, hurt);
  await page.goto(urls.pulse);
  await expect(page.locator(".card")).toContainText("no Alertmanager is set up");
  await expect(page.locator(".card")).not.toContainText("People were told");
  await expect(page.locator(".climb")).toContainText("SRE would be next, in");
});

test("an alert opens, is acknowledged by keyboard, and ends", async ({ page, service }) => {
  await page.goto(urls.pulse);
  await expect(page.getByText("Nothing is firing")).toBeVisible();
  const hurt = alert("agent-7", "pain", 0.82, new Date());
  service.alert("opened", hurt);
  const card = page.locator(".card");
  await expect(card).toContainText("Pain of agent-7 is 0.82");

  await card.getByRole("button", { name: /Acknowledge/ }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Your name")).toBeFocused();
  await page.keyboard.type("Ann");
  await page.keyboard.press("Tab");
  await page.keyboard.type("on it");
  await page.keyboard.press("Enter");
  await expect(card).toContainText("Ann has it since");
  await expect(card).toContainText("on it");
  await expect(card.getByRole("button", { name: /Acknowledge/ })).toHaveCount(0);

  const over = {
    ...hurt,
    ...service.alerts.get(hurt.id),
    state: "resolved" as const,
    resolved_at: new Date().toISOString(),
  };
  service.alert("resolved", over);
  await expect(page.getByText("Nothing is firing")).toBeVisible();
  await expect(page.locator(".resolved li")).toContainText("Ann has it since");
});

test("a name is remembered", async ({ page, service }) => {
  const hurt = alert("agent-7", "pain", 0.82, new Date());
  service.alerts.set(hurt.id, hurt);
  await page.goto(urls.pulse);
  await page.getByRole("button", { name: /Acknowledge/ }).click();
  await page.getByLabel("Your name").fill("Ann");
  await page.keyboard.press("Enter");
  await expect(page.locator(".card")).toContainText("Ann has it since");

  service.alert("opened", alert("agent-8", "pain", 0.82, new Date()));
  await page.getByRole("button", { name: /Acknowledge/ }).click();
  await expect(page.getByLabel("Your name")).toHaveValue("Ann");
  await expect(page.getByRole("button", { name: "I have it" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByLabel("Your name")).toBeHidden();
});

test("a refused acknowledgement says why and can be tried again", async ({ page, service }) => {
  const hurt = alert("agent-7", "pain", 0.82, new Date());
  service.alerts.set(hurt.id, hurt);
  const accept = service.acknowledge;
  service.acknowledge = () => ({ status: 503, body: { title: "Busy", detail: "the log does not answer" } });
  await page.goto(urls.pulse);
  await page.getByRole("button", { name: /Acknowledge/ }).click();
  await page.getByLabel("Your name").fill("Ann");
  await page.getByRole("button", { name: "I have it" }).click();
  await expect(page.getByRole("alert")).toHaveText("Not acknowledged: the log does not answer");
  service.acknowledge = accept;
  await page.getByRole("button", { name: "I have it" }).click();
  await expect(page.locator(".card")).toContainText("Ann has it since");
});

test("an acknowledgement that the engine has yet to note is called recorded", async ({ page, service }) => {
  const hurt = alert("agent-7", "pain", 0.82, new Date());
  service.alerts.set(hurt.id, hurt);
  service.acknowledge = (each) => ({ status: 202, body: { alert: each } });
  await page.goto(urls.pulse);
  await page.getByRole("button", { name: /Acknowledge/ }).click();
  await page.getByLabel("Your name").fill("Ann");
  await page.getByRole("button", { name: "I have it" }).click();
  await expect(page.getByText("Recorded.")).toBeVisible();
});

test("who was told and who is next is told, and stands still while somebody has it", async ({ page, service }) => {
  const hurt = alert("agent-7", "pain", 0.82, minutesAgo(2));
  service.alerts.set(hurt.id, hurt);
  await page.goto(urls.pulse);
  const climb = page.locator(".climb");
  await expect(climb).toContainText(/Next: SRE in (2m 5\d|3m)s? by Slack, PagerDuty|Next: SRE in 3m/);
  await expect(climb.getByRole("listitem")).toHaveText([
    /DevOps Lead.*\d\d:\d\d:\d\d/,
    /SRE.*\d\d:\d\d:\d\d/,
    "Tech Lead",
  ]);
  const at = new Date().toISOString();
  service.alert("acknowledged", { ...hurt, acknowledged: { by: "Ann", at } });
  await expect(climb).toContainText(/Nobody else is told until .*\d\d:\d\d:\d\d/);
  const taken = [hurt.opened_at, at];
  service.alert("notified", { ...hurt, escalation: { ...hurt.escalation, step: 2, taken } as typeof hurt.escalation });
  await expect(climb).toContainText(/Next: Tech Lead in (9m|10m)/);
});

test("nobody can take on what was", async ({ page, service }) => {
  const hurt = alert("agent-7", "pain", 0.82, minutesAgo(10));
  service.past = () => ({ start: { subjects: [], alerts: [hurt] }, updates: [] });
  await page.goto(`${urls.pulse}?subject=agent-7&at=${minutesAgo(8).toISOString()}`);
  await expect(page.locator(".climb")).toContainText(/Next: SRE in (2m 5\d|3m)/);
  await expect(page.getByRole("button", { name: /Acknowledge/ })).toHaveCount(0);
});

test("of very many alerts the most urgent are shown, and those of the subject that one looks at", async ({
  page,
  service,
}) => {
  for (let other = 0; other < 25; other += 1) {
    const each = alert(`other-${other}`, "pain", 0.82, minutesAgo(1));
    service.alerts.set(each.id, each);
  }
  const acknowledged = { by: "Ann", at: minutesAgo(1).toISOString() };
  const own = alert("agent-7", "pain", 0.55, minutesAgo(3), { acknowledged });
  service.alerts.set(own.id, own);
  await page.goto(`${urls.pulse}?subject=agent-7`);
  const cards = page.locator(".card");
  await expect(cards).toHaveCount(21);
  await expect(cards.last()).toContainText("Pain of agent-7");
  await page.getByRole("button", { name: "Show all 26" }).click();
  await expect(cards).toHaveCount(26);
});
