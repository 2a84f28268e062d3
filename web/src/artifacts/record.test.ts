import { expect, test } from "vitest";
import { besides, isText, partOf, waysOf } from "./record";

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
