import { expect, test } from "vitest";
import type { Merged, ServerFrame } from "../protocol";
import { Rate } from "./rate";

const update = (samples: number, merged: Merged[] = []): ServerFrame => ({
  type: "update",
  prev: "",
  cursor: "",
  server_time: "",
  samples: Array.from({ length: samples }, () => ({ subject: "a", at: "" })),
  merged,
});
const snapshot: ServerFrame = { type: "snapshot", cursor: "", server_time: "", subjects: [], alerts: [] };

test("samples are counted over whole seconds, those in which nothing came too", () => {
  let now = 1_000_000;
  const rate = new Rate(() => now);
  rate.take(snapshot);
  for (let second = 0; second < 5; second += 1) {
    rate.take(update(3));
    now += 1_000;
  }
  expect(rate.perSecond(10)).toBeUndefined();
  now += 6_000;
  expect(rate.perSecond(10)).toBe(12 / 10);
  now += 100_000;
  expect(rate.perSecond(60)).toBe(0);
});

test("merged samples count as many as they are", () => {
  let now = 1_000_000;
  const rate = new Rate(() => now);
  rate.take(snapshot);
  now += 1_000;
  const extremes = { last: 0.3, min: 0.2, max: 0.4, count: 17 };
  rate.take(update(0, [{ subject: "a", from: "", latest: { subject: "a", at: "" }, vitals: { pain: extremes } }]));
  now += 10_000;
  expect(rate.perSecond(10)).toBe(1.7);
});

test("nothing is said of a stream that has not begun, or began anew", () => {
  let now = 1_000_000;
  const rate = new Rate(() => now);
  now += 100_000;
  expect(rate.perSecond(10)).toBeUndefined();
  rate.take(snapshot);
  rate.take(update(9));
  now += 11_000;
  expect(rate.perSecond(10)).toBe(0);
  rate.begin();
  expect(rate.perSecond(10)).toBeUndefined();
});
