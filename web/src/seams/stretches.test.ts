import { expect, test } from "vitest";
import { type SeamEvent, seamBefore, stateStretches, transitions } from "./stretches";

const time = (at: number) => new Date(at).toISOString();

/** It began at `at` and was drawn half a second later. */
const seam = (at: number, from: string, to: string): SeamEvent => ({
  id: `${at}`,
  subject: "a",
  at: time(at + 500),
  kind: "seam",
  seam: { id: `${at}`, from, to, at: time(at) } as SeamEvent["seam"],
});
const window = { from: 1_000, to: 9_000 };
const start = { subject: "a", light: "green", level: "OK", state: { state: "A", since: time(0) } } as const;
const brief = (all: ReturnType<typeof stateStretches>) => all.map(({ from, to, state }) => [from, to, state]);

test("the state at the beginning lasts until it changes, the last one until now", () => {
  expect(brief(stateStretches(start, [seam(3_000, "A", "B"), seam(5_000, "B", "A")], window, 8_000))).toEqual([
    [1_000, 3_000, "A"],
    [3_000, 5_000, "B"],
    [5_000, 8_000, "A"],
  ]);
});

test("a seam before the window counts from its beginning, one that is still to come does not count", () => {
  expect(brief(stateStretches(start, [seam(200, "A", "B"), seam(8_500, "B", "C")], window, 8_000))).toEqual([
    [1_000, 8_000, "B"],
  ]);
});

test("nothing is made up before the first word", () => {
  expect(brief(stateStretches(undefined, [seam(4_000, "A", "B")], window, 8_000))).toEqual([
    [1_000, 4_000, undefined],
    [4_000, 8_000, "B"],
  ]);
});

test("transitions are counted in each direction", () => {
  const seams = [seam(1, "A", "B"), seam(2, "B", "A"), seam(3, "A", "B")];
  expect(transitions(seams)).toEqual([
    { from: "A", to: "B", count: 2 },
    { from: "B", to: "A", count: 1 },
  ]);
});

test("the seam that led to a moment is the last that was drawn by then", () => {
  const seams = [seam(1_000, "A", "B"), seam(2_000, "B", "C")];
  expect(seamBefore(seams, 2_400)?.id).toBe("1000");
  expect(seamBefore(seams, 2_500)?.id).toBe("2000");
  expect(seamBefore(seams, 1_400)).toBeUndefined();
});
