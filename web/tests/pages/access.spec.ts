import type { Page } from "@playwright/test";
import type { FakeService, Person } from "../support/fake-service";
import { alert, judged } from "../support/judge";
import { checkLook } from "../support/look";
import { banner, test as base, expect, headline, sample, tile, urls } from "../support/pulse";

const ANN: Person = { name: "ann", scopes: ["read", "operate"] };
const GUEST: Person = { name: "guest", scopes: ["read"] };

/** A service that lets in whoever has one of these tokens. */
const test = base.extend<{ locked: FakeService }>({
  locked: async ({ service }, use) => {
    service.tokens = new Map([
      ["iskra_ann", ANN],
      ["iskra_guest", GUEST],
      ["iskra_producer", { name: "producer", scopes: ["ingest"] }],
    ]);
    await use(service);
  },
});

const field = (page: Page) => page.getByLabel("Token", { exact: true });
const who = (page: Page) => page.getByRole("group", { name: "Who is logged in" });

async function logIn(page: Page, token: string): Promise<void> {
  await field(page).fill(token);
  await field(page).press("Enter");
}

test("a locked service shows nothing before somebody logs in, and then what the address says", async ({
  page,
  locked,
}) => {
  locked.subjects.set("agent-8", judged(sample("agent-8")));
  const at = new Date(Date.now() - 600_000).toISOString();
  const address = `${urls.pulse}?subject=agent-8&at=${encodeURIComponent(at)}&range=5m`;
  await page.goto(address);
  await expect(field(page)).toBeFocused();
  await expect(page.getByText("iskra token create")).toBeVisible();
  await expect(page.locator(".shell")).toHaveCount(0);
  expect(locked.turnedAway).toEqual([]);

  await logIn(page, "  iskra_ann ");
  await expect(page.locator(".headline")).toContainText("agent-8");
  await expect(page.locator(".past-ribbon")).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`subject=agent-8&at=${encodeURIComponent(at)}&range=5m`));
  await expect(who(page)).toContainText("ann");
  await expect(field(page)).toHaveCount(0);
});

test("who has a session is let in at once", async ({ page, locked }) => {
  locked.session = ANN;
  await page.goto(urls.seams);
  await expect(who(page)).toContainText("ann");
  await expect(field(page)).toHaveCount(0);
});

test("a password manager finds what it fills", async ({ page, locked: _ }) => {
  await page.goto(urls.pulse);
  await expect(field(page)).toHaveAttribute("type", "password");
  await expect(field(page)).toHaveAttribute("autocomplete", "current-password");
  await expect(page.locator("form input[autocomplete=username]")).toHaveValue("iskra");
  // It fills without typing: no event tells the page of it.
  await field(page).evaluate((input: HTMLInputElement) => {
    input.value = "iskra_ann";
  });
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(who(page)).toContainText("ann");
});

test("each way not to be let in has its own words", async ({ page, locked }) => {
  await page.goto(urls.pulse);
  const refused = page.getByRole("alert");
  await logIn(page, "iskra_mistyped");
  await expect(refused).toContainText("mistyped, expired or revoked");
  await expect(field(page)).toBeFocused();
  await logIn(page, "iskra_producer");
  await expect(refused).toContainText("may not read");
  locked.door = { status: 503 };
  await logIn(page, "iskra_ann");
  await expect(refused).toContainText("does not answer");
  locked.door = { status: 403, problem: { detail: "a page of another origin" } };
  await logIn(page, "iskra_ann");
  await expect(refused).toContainText("did not let you in: a page of another origin");
  await page.route("**/api/v1/session", (route) => route.abort());
  await logIn(page, "iskra_ann");
  await expect(refused).toContainText("does not answer");
});

test("after too many attempts the page waits as long as it is told", async ({ page, locked }) => {
  locked.door = { status: 429, headers: { "retry-after": "90" } };
  await page.goto(urls.pulse);
  await expect(field(page)).toBeFocused();
  await page.clock.install();
  await logIn(page, "iskra_ann");
  await expect(page.getByRole("alert")).toContainText("Too many attempts");
  const button = page.locator(".log-in button[type=submit]");
  await expect(button).toBeDisabled();
  await expect(button).toHaveText(/^Wait 1m (30|29)s$/);
  locked.door = undefined;
  await field(page).press("Enter");
  await page.clock.runFor(60_000);
  await expect(button).toHaveText(/^Wait (30|29)s$/);
  expect(locked.session).toBeUndefined();
  await page.clock.runFor(31_000);
  await expect(button).toHaveText("Log in");
  await field(page).press("Enter");
  await expect(who(page)).toContainText("ann");
});

/** Ways to learn that the session is over. */
const ends: Record<string, (service: FakeService, page: Page) => Promise<void>> = {
  "the socket is closed for good": (service) => service.endSession(4501),
  "the socket is lost and refused": (service) => service.endSession(1012),
  "a request is refused": async (service, page) => {
    service.session = undefined;
    // Another range, for which the service is asked.
    await page.keyboard.press("3");
  },
};
for (const [how, end] of Object.entries(ends)) {
  test(`a session that ends while one looks, because ${how}: grey, log-in over it, and on`, async ({
    page,
    locked,
  }) => {
    locked.session = ANN;
    await page.goto(`${urls.pulse}?subject=agent-7`);
    await expect(headline(page)).toContainText("All well");
    await expect(page.getByText("One point for each")).toBeVisible();
    const before = locked.subscriptions.length;
    await end(locked, page);

    const dialog = page.getByRole("dialog", { name: "Log in" });
    await expect(dialog).toContainText("Your session has ended");
    await expect(field(page)).toBeFocused();
    await expect(page.locator("main.main")).toHaveCSS("filter", "grayscale(1)");
    await expect(headline(page)).toContainText("Last known: All well");
    await expect(banner(page)).toContainText("It may no longer be true");
    await expect(banner(page)).not.toContainText("code");
    // It cannot be pushed away.
    for (let i = 0; i < 3; i += 1) await page.keyboard.press("Escape");
    await expect(dialog).toBeVisible();

    // What happens meanwhile is told afterwards, from the position on which it stopped.
    const next = sample("agent-7", { pain: 0.44 });
    locked.sample(next, judged(next));
    const turnedAway = locked.turnedAway.length;
    await logIn(page, "iskra_ann");
    await expect(dialog).toHaveCount(0);
    await expect(banner(page)).toBeHidden();
    await expect(headline(page)).toContainText("All well");
    const resumed = locked.subscriptions.slice(before);
    expect(resumed).toHaveLength(2);
    for (const subscription of resumed) expect(subscription.resume).toMatch(/^fake-/);
    expect(locked.turnedAway).toHaveLength(turnedAway);
    await expect(page).toHaveURL(/subject=agent-7$/);
  });
}

test("a page that waits for somebody to log in asks for nothing", async ({ page, locked }) => {
  locked.session = ANN;
  await page.goto(`${urls.pulse}?subject=agent-7`);
  await expect(page.getByText("One point for each")).toBeVisible();
  await locked.endSession();
  await expect(field(page)).toBeVisible();
  await page.clock.install();
  // The rules are looked at every five seconds, budgets more seldom: once each is on its way.
  await page.clock.runFor(120_000);
  expect(locked.turnedAway).toEqual([]);
  expect(locked.connections).toBe(0);
});

test("what was written is still there, and is sent again only by hand", async ({ page, locked }) => {
  locked.session = ANN;
  const firing = alert("agent-7", "pain", 0.82, new Date());
  locked.subjects.set("agent-7", judged(sample("agent-7", { pain: 0.82 })));
  locked.alerts.set(firing.id, firing);
  await page.goto(`${urls.pulse}?subject=agent-7`);
  await page.getByRole("button", { name: /^Acknowledge: Pain/ }).click();
  const note = page.getByLabel("Note");
  await note.fill("on it");
  locked.session = undefined;
  await note.press("Enter");
  await logIn(page, "iskra_ann");
  await expect(page.getByText("send it once more")).toBeVisible();
  await expect(note).toHaveValue("on it");
  await expect(note).toBeFocused();
  expect(locked.alerts.get(firing.id)?.acknowledged).toBeUndefined();
  await note.press("Enter");
  await expect.poll(() => locked.alerts.get(firing.id)?.acknowledged).toMatchObject({ by: "ann", note: "on it" });
});

test("who logs in elsewhere is let in here, too", async ({ page, locked }) => {
  await page.goto(urls.pulse);
  await expect(field(page)).toBeVisible();
  locked.session = ANN;
  await page.evaluate(() => dispatchEvent(new Event("focus")));
  await expect(who(page)).toContainText("ann");
});

test("logging out takes away what was shown, and keeps the address", async ({ page, locked }) => {
  locked.session = ANN;
  await page.goto(`${urls.voices}?subject=agent-7`);
  await expect(page.locator(".voices")).toBeVisible();
  await who(page).getByRole("button", { name: "Log out" }).click();
  await expect(field(page)).toBeVisible();
  await expect(page.locator(".voices")).toHaveCount(0);
  expect(locked.session).toBeUndefined();
  await expect(page).toHaveURL(/subject=agent-7/);
});

test("who is not logged out is told so", async ({ page, locked }) => {
  locked.session = ANN;
  await page.goto(urls.pulse);
  await page.route("**/api/v1/session", (route) => route.abort());
  await who(page).getByRole("button", { name: "Log out" }).click();
  await expect(who(page)).toContainText("Not logged out");
  await expect(tile(page, "Pain")).toBeVisible();
});

test("forms know the name of who is logged in", async ({ page, locked }) => {
  locked.session = ANN;
  const firing = alert("agent-7", "pain", 0.82, new Date());
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const silence = { id: "1.silence", subject: "agent-7", from: firing.opened_at, until, by: "Bob" };
  locked.subjects.set("agent-7", { ...judged(sample("agent-7", { pain: 0.82 })), silences: [silence] });
  locked.alerts.set(firing.id, firing);
  await page.goto(urls.pulse);
  await page.getByRole("button", { name: /^Silence: Pain/ }).click();
  const form = page.locator(".person-form");
  await expect(form).toContainText("In your name: ann");
  await expect(form.getByLabel("Your name")).toHaveCount(0);
  await form.getByRole("button", { name: "Silence it" }).click();
  await expect.poll(() => locked.silenceRequests).toMatchObject([{ by: "ann" }]);
  await page.getByRole("button", { name: /^End the silence/ }).click();
  await expect.poll(() => locked.endedSilences).toEqual(["1.silence by ann"]);
  // Where nobody logs in, another name is asked for.
  expect(await page.evaluate(() => localStorage.getItem("iskra.name"))).toBeNull();
});

test("who may only look learns what is missing, and sends nothing", async ({ page, locked }) => {
  locked.session = GUEST;
  const firing = alert("agent-7", "pain", 0.82, new Date());
  locked.subjects.set("agent-7", judged(sample("agent-7", { pain: 0.82 })));
  locked.alerts.set(firing.id, firing);
  await page.goto(urls.pulse);
  await expect(who(page)).toContainText("read only");
  const inbox = page.locator(".inbox");
  await expect(inbox.getByText("needs a token with the scope “operate”")).toBeVisible();
  for (const name of [/^Acknowledge: Pain/, /^Silence: Pain/]) {
    const button = page.getByRole("button", { name });
    await expect(button).toBeDisabled();
    await expect(button).toHaveAccessibleDescription(/scope “operate”/);
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(page.locator(".person-form")).toHaveCount(0);
  }
  await page.keyboard.press("?");
  await expect(page.getByRole("button", { name: "Try it" })).toBeDisabled();
  await expect(page.getByRole("dialog")).toContainText("authorization: Bearer $ISKRA_TOKEN");
});

for (const [kind, makeOpen] of [
  ["an open service", () => undefined],
  [
    "a service that knows no sessions",
    (service: FakeService) => {
      service.isOld = true;
    },
  ],
] as const) {
  test(`${kind} lets everybody in, and nothing of all this is seen`, async ({ page, service }) => {
    makeOpen(service);
    const firing = alert("agent-7", "pain", 0.82, new Date());
    service.subjects.set("agent-7", judged(sample("agent-7", { pain: 0.82 })));
    service.alerts.set(firing.id, firing);
    await page.goto(urls.pulse);
    await expect(headline(page)).toContainText("Blocked");
    await expect(who(page)).toHaveCount(0);
    await expect(page.locator(".log-in, .cannot-operate")).toHaveCount(0);
    await page.getByRole("button", { name: /^Acknowledge: Pain/ }).click();
    await expect(page.getByLabel("Your name")).toBeVisible();
    await page.keyboard.press("?");
    await expect(page.locator("body")).not.toContainText("ISKRA_TOKEN");
  });
}

test("a service that does not answer at first is asked who one is when it is back", async ({ page, locked }) => {
  locked.isUp = false;
  await page.route("**/api/v1/session", (route) => route.fulfill({ status: 502 }));
  await page.goto(urls.pulse);
  await expect(banner(page)).toContainText("Connection lost");
  await expect(field(page)).toHaveCount(0);
  await page.unroute("**/api/v1/session");
  locked.isUp = true;
  await expect(field(page)).toBeVisible();
  await logIn(page, "iskra_ann");
  await expect(headline(page)).toContainText("All well");
});

for (const colorScheme of ["dark", "light"] as const) {
  for (const [width, height] of [
    [3840, 2160],
    [1440, 900],
    [390, 844],
    [320, 568],
  ] as const) {
    test.describe(`${colorScheme}, ${width} wide`, () => {
      test.use({ colorScheme, viewport: { width, height } });

      test("logging in, who may only look, and a session that has ended", async ({ page, locked }) => {
        const firing = alert("agent-7", "pain", 0.82, new Date());
        locked.subjects.set("agent-7", judged(sample("agent-7", { pain: 0.82 })));
        locked.alerts.set(firing.id, firing);
        await page.goto(urls.pulse);
        await logIn(page, "iskra_mistyped");
        await expect(page.locator(".log-in-refused")).not.toBeEmpty();
        await checkLook(page);
        await logIn(page, "iskra_guest");
        await expect(page.locator(".inbox .cannot-operate")).toBeVisible();
        await checkLook(page);
        await locked.endSession();
        await expect(field(page)).toBeVisible();
        await checkLook(page);
      });
    });
  }
}

test.describe("in Russian", () => {
  test.use({ locale: "ru-RU" });

  test("every word of it", async ({ page, locked: _ }) => {
    await page.goto(urls.pulse);
    const input = page.getByLabel("Токен", { exact: true });
    await input.fill("iskra_mistyped");
    await input.press("Enter");
    await expect(page.getByRole("alert")).toContainText("опечатка");
    const words = (await page.locator("body").allInnerTexts()).join();
    const english = words
      .match(/[A-Za-z]{3,}/g)
      ?.filter((word) => !/^(Iskra|iskra|token|create|ann|scope|read|operate)$/.test(word));
    expect(english ?? []).toEqual([]);
  });
});
