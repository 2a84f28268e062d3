import { expect, test } from "vitest";
import { unknownSubject } from "../board/subject-state";
import type { Event } from "../protocol";
import type { Experiment, ExperimentChange, Outcome } from "./experiment";
import { around, experimentsIn, stretches, toTell } from "./known";

const minute = (count: number) => new Date(Date.UTC(2026, 0, 1, 0, count)).toISOString();
const ms = (count: number) => Date.parse(minute(count));

const experiment = (id: string, from: number, end?: number, outcome: Outcome = "passed"): Experiment => ({
  ...{ id, name: id, subject: "lab", simulated: "inbox", by: "Ann", dose: 0 },
  ...{ from: minute(from), until: minute(from + 60) },
  ...(end !== undefined && { ended: { at: minute(end), outcome, reason: { en: "", ru: "" } } }),
});
const event = (at: number, change: ExperimentChange, each: Experiment): Event => ({
  ...{ id: `${each.id} ${change} ${at}`, subject: "lab", at: minute(at), kind: "experiment" },
  ...{ change, experiment: each },
});

test("of each experiment the last word counts, as of the shown moment", () => {
  const events = [
    event(1, "begun", experiment("a", 1)),
    event(2, "steered", { ...experiment("a", 1), dose: 3 }),
    event(9, "ended", experiment("a", 1, 9)),
  ];
  expect(experimentsIn(events).map(({ ended }) => ended?.outcome)).toEqual(["passed"]);
  expect(experimentsIn(events, ms(5)).map(({ dose, ended }) => [dose, ended])).toEqual([[3, undefined]]);
});

test("one that runs is told before one that ended, and how one ended is told for a quarter of an hour", () => {
  const running = { ...unknownSubject("lab"), experiment: experiment("b", 12) };
  const ended = [experiment("a", 1, 10)];
  expect(toTell(running, ended, ms(13))?.id).toBe("b");
  expect(toTell(unknownSubject("lab"), ended, ms(24))?.id).toBe("a");
  expect(toTell(unknownSubject("lab"), ended, ms(25))).toBeUndefined();
});

test("one that was refused since the latest ended is told", () => {
  const rests = { ...unknownSubject("lab"), experiment: experiment("a", 1, 10) };
  expect(toTell(rests, [experiment("b", 12, 12, "refused")], ms(13))?.id).toBe("b");
});

test("a moment lies within the experiment that ran then, and not within one that never began", () => {
  const all = [experiment("a", 1, 10), experiment("never", 11, 11, "refused"), experiment("b", 20)];
  const ids = [5, 11, 15, 30].map((at) => around(all, ms(at))?.id);
  expect(ids).toEqual(["a", undefined, undefined, "b"]);
});

test("experiments are drawn from their beginning to their end, as far as the window and the present go", () => {
  const all = [experiment("before", -9, -5), experiment("a", -2, 4), experiment("b", 8)];
  const drawn = stretches(all, { from: ms(0), to: ms(30) }, ms(12));
  expect(drawn.map(({ id, from, to }) => [id, from, to])).toEqual([
    ["a", ms(0), ms(4)],
    ["b", ms(8), ms(12)],
  ]);
});
