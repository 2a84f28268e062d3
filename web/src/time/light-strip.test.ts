import { expect, test } from "vitest";
import type { Event, Level } from "../protocol";
import { lightStretches } from "./light-strip";

const levels = (at: number, level: Level): Event => ({
  id: `${at}`,
  subject: "a",
  at: new Date(at).toISOString(),
  kind: "levels",
  changed: ["pain"],
  verdict: { pain: { level, since: new Date(at).toISOString(), value: 0.5, stale: false } },
});
const window = { from: 1_000, to: 9_000 };
const start = { subject: "a", light: "green", level: "OK" } as const;
const brief = (all: ReturnType<typeof lightStretches>) => all.map(({ from, to, light }) => [from, to, light]);

test("the light at the beginning lasts until it changes, the last one until now", () => {
  const events = [levels(3_000, "BLOCK"), levels(5_000, "OK")];
  expect(brief(lightStretches(start, events, window, 8_000))).toEqual([
    [1_000, 3_000, "green"],
    [3_000, 5_000, "red"],
    [5_000, 8_000, "green"],
  ]);
});

test("what changed before the window counts from its beginning, what changes after the present does not count", () => {
  const events = [levels(500, "WARN"), levels(8_500, "BLOCK")];
  expect(brief(lightStretches(start, events, window, 8_000))).toEqual([[1_000, 8_000, "yellow"]]);
});

test("nothing is made up before the first word", () => {
  expect(brief(lightStretches(undefined, [levels(4_000, "OK")], window, 8_000))).toEqual([
    [1_000, 4_000, "unknown"],
    [4_000, 8_000, "green"],
  ]);
});
