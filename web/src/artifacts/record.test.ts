import { expect, test } from "vitest";
import { besides, inOrder, isStep, isText, isTime, partOf, waysOf } from "./record";

test("of a delta the ways of the vitals are set apart; what is not whole stays as it is", () => {
  const delta = {
    clarity: { from: 0.88, to: 0.76, change: -0.12 },
    chaos: { from: "low", to: 0.42 },
    additions: { count: 2 },
  };
  expect(waysOf(delta)).toEqual({
    ways: [{ vital: "clarity", from: 0.88, to: 0.76 }],
    rest: { chaos: { from: "low", to: 0.42 }, additions: { count: 2 } },
  });
});

test("whatever a record is, nothing of it is lost", () => {
  const record = { delta: 7, sift: null, "mood of the day": "calm" };
  expect([partOf(record, "delta"), partOf(record, "sift"), partOf(record, "omega")]).toEqual([7, null, undefined]);
  expect(besides(record)).toEqual({ "mood of the day": "calm" });
  expect(besides("only words")).toBe("only words");
  expect(partOf("only words", "delta")).toBeUndefined();
});

test("words in both languages are told from an object that has more", () => {
  expect(isText({ en: "a", ru: "б" })).toBe(true);
  expect(isText({ en: "a", ru: "б", de: "c" })).toBe(false);
  expect(isText({ en: "a" })).toBe(false);
});

test("a step is one only when it is nothing besides", () => {
  const step = { at: "2026-01-01T00:00:00.5Z", what: "alert opened", event: "0-1" };
  expect(isStep(step)).toBe(true);
  expect(isStep({ ...step, by: "Ann" })).toBe(false);
  expect(isStep({ ...step, event: ["0-1"] })).toBe(false);
  expect(isStep({ ...step, at: "noon" })).toBe(false);
});

test("a moment is one only with a time and a zone, and if there is such a moment", () => {
  const all = ["2026-01-01T12:00:00+03:00", "2026-01-01", "2026-13-41T12:00:00Z", 2026];
  expect(all.map(isTime)).toEqual([true, false, false, false]);
});

test("evidence is read in the order of its name, and nothing of it is left out", () => {
  const sift = { fact: 1, more: 2, source: 3 };
  expect(Object.entries(inOrder("sift", sift))).toEqual([
    ["source", 3],
    ["fact", 1],
    ["more", 2],
  ]);
  expect(inOrder("delta", sift)).toEqual(sift);
});
