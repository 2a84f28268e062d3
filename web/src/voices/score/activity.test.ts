import { expect, test } from "vitest";
import { chorus, happened } from "../../../tests/support/polyphony";
import type { VoiceRule } from "../../protocol";
import { heardAt, heardOf, steps } from "./activity";
import { ordered } from "./order";

const at = (seconds: number) => new Date(seconds * 1_000);
const told = [happened(at(110), { kind: "chorus", chorus: chorus({ sam: { activity: 0.75 } }) })];
const heard = heardOf(chorus({ sam: { activity: 0.25 } }), told, 100_000);

test("what was told holds until the next word", () => {
  const sam = (seconds: number) => heardAt(heard, "sam", seconds * 1_000)?.activity;
  expect([99, 100, 109.9, 110, 900].map(sam)).toEqual([undefined, 0.25, 0.25, 0.75, 0.75]);
});

test("what was told before the choruses are all there does not count", () => {
  expect(heardOf(undefined, told, 105_000)).toHaveLength(1);
  expect(heardOf(undefined, told, 111_000)).toEqual([]);
});

test("activity is drawn in steps, and nothing is drawn before the first word", () => {
  expect(steps(heard, "sam", 100_000, 120_000)).toBe("M0.00 1V0.750H10.00V0.250H20.00V1Z");
  expect(steps([], "sam", 100_000, 120_000)).toBe("");
});

test("rows stand by rank, or by activity with the rank among equals", () => {
  const rule = (voice: VoiceRule["voice"], rank: number) => ({ voice, rank }) as VoiceRule;
  const rules = [rule("pino", 3), rule("kayn", 1), rule("sam", 2), rule("anhantra", 2)];
  const now = chorus({ pino: { activity: 0.9 }, anhantra: { activity: 0.4 } }).voices;
  const names = (order: "rank" | "activity") => ordered(rules, now, order).map(({ voice }) => voice);
  expect(names("rank")).toEqual(["kayn", "sam", "anhantra", "pino"]);
  expect(names("activity")).toEqual(["pino", "anhantra", "kayn", "sam"]);
});
