import { expect, test } from "vitest";
import type { Alert, Escalation } from "../protocol";
import { climbOf } from "./climb";

const opened = "2026-01-01T00:00:00Z";
const at = (seconds: number) => Date.parse(opened) + seconds * 1_000;
const iso = (seconds: number) => new Date(at(seconds)).toISOString();
const escalation = (fields: Partial<Escalation> = {}): Escalation => ({
  step: 1,
  taken: [opened],
  lapses: 0,
  chain: [
    { role: "DevOps Lead", after_seconds: 0, channels: ["slack", "pagerduty"] },
    { role: "SRE", after_seconds: 300, channels: ["slack"] },
    { role: "Tech Lead", after_seconds: 900, channels: ["email"] },
  ],
  acknowledge_timeout_seconds: 1_800,
  ...fields,
});
const alert = (fields: Partial<Alert> = {}) =>
  ({ state: "firing", notification: { status: "sent", at: opened }, escalation: escalation(), ...fields }) as Alert;
const due = (each: Alert) => climbOf(each)?.steps.map(({ dueAt }) => dueAt);

test("the next step comes its distance after the one before it", () => {
  expect(due(alert())).toEqual([undefined, at(300), undefined]);
  // Whatever put the second step off puts off the third.
  const late = alert({ escalation: escalation({ step: 2, taken: [opened, iso(500)] }) });
  expect(due(late)).toEqual([undefined, undefined, at(1_100)]);
  expect(climbOf(late)?.steps.map(({ takenAt }) => takenAt)).toEqual([at(0), at(500), undefined]);
});

test("who acknowledges stops the climb until that lapses", () => {
  const taken = alert({ acknowledged: { by: "Ann", at: iso(60) } });
  expect(climbOf(taken)).toMatchObject({ state: "acknowledged", until: at(1_860) });
  expect(due(taken)).toEqual([undefined, undefined, undefined]);
  const forGood = { ...taken, escalation: escalation({ acknowledge_timeout_seconds: 0 }) };
  expect(climbOf(forGood)?.until).toBeUndefined();
});

test("what is held tells nobody until then", () => {
  const held = alert({
    notification: { status: "held", until: iso(120) },
    escalation: escalation({ taken: undefined as never }),
  });
  expect(climbOf(held)).toMatchObject({ state: "held", until: at(120) });
  expect(climbOf(held)?.steps.every(({ takenAt, dueAt }) => takenAt === undefined && dueAt === undefined)).toBe(true);
});

test("at the end of the chain nobody is next; what is over climbs no more", () => {
  const top = alert({ escalation: escalation({ step: 3, taken: [opened, iso(300), iso(900)] }) });
  expect(climbOf(top)?.state).toBe("at-the-top");
  expect(climbOf(alert({ state: "resolved" }))?.state).toBe("over");
  expect(climbOf(alert({ escalation: escalation({ chain: [] }) }))).toBeUndefined();
});
