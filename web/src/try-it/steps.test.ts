import { expect, test } from "vitest";
import type { Experiment } from "../experiments/experiment";
import type { Alert, Event } from "../protocol";
import { pageOf, stepOf, wasStirred } from "./steps";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const running = {
  id: "1",
  name: "demo",
  subject: "demo",
  by: "Ann",
  from: at(10),
  until: at(50),
  dose: 0,
} as Experiment;
const over = { ...running, ended: { at: at(40), outcome: "passed", reason: { en: "", ru: "" } } } as Experiment;
const alert = (second: number, fields: Partial<Alert> = {}) =>
  ({ subject: "demo", priority: "P0", state: "firing", opened_at: at(second), ...fields }) as Alert;

test("the page of a demonstration is its own critical alert, and one that fires before one that is over", () => {
  const others = [
    alert(5),
    alert(20, { subject: "agent-7" }),
    alert(20, { priority: "P1" }),
    alert(45, { id: "after it ended" }),
  ];
  expect(pageOf(over, others)).toBeUndefined();
  const [fires, past] = [alert(20), alert(30, { state: "resolved" })];
  expect(pageOf(over, [...others, fires, past])).toBe(fires);
  expect(pageOf(running, [past])).toBe(past);
});

test("each step is told by what is seen", () => {
  const resolved = alert(20, { state: "resolved" });
  expect(stepOf(running, "green", undefined, false)).toBe("begins");
  expect(stepOf({ ...running, dose: 3 }, "green", undefined, false)).toBe("stirred");
  expect(stepOf(running, "green", undefined, true), "it was, a moment ago").toBe("stirred");
  expect(stepOf(running, "yellow", undefined, true)).toBe("worsens");
  expect(stepOf(running, "red", alert(20), true)).toBe("paged");
  expect(stepOf(running, "red", resolved, true)).toBe("recovers");
  expect(stepOf(over, "green", resolved, true)).toBe("over");
  expect(stepOf(over, "red", alert(20), true), "who is still paged is led there first").toBe("paged");
});

test("chaos was injected once that has been told, and only into this one", () => {
  const told = (experiment: Experiment) =>
    ({ id: "", subject: "demo", at: at(20), kind: "experiment", change: "steered", experiment }) as Event;
  const events = [told({ ...running, id: "2", dose: 3 }), told(running)];
  expect(wasStirred(running, events, Date.parse(at(30)))).toBe(false);
  events.push(told({ ...running, dose: 3 }));
  expect(wasStirred(running, events, Date.parse(at(30)))).toBe(true);
  expect(wasStirred(running, events, Date.parse(at(19)))).toBe(false);
});
