import { expect, test } from "vitest";
import type { Sample } from "../protocol";
import { Series } from "./series";

const sample = (second: number, pain: number): Sample => ({
  subject: "agent-7",
  at: new Date(second * 1_000).toISOString(),
  pain,
});
const times = (series: Series) => [...series.times.slice(0, series.length)];

test("a bucket keeps the last value and the extremes", () => {
  const series = new Series(10, 8);
  for (const [second, pain] of [
    [100, 0.3],
    [103, 0.95],
    [107, 0.2],
    [109, 0.4],
  ] as const) {
    series.addSample(sample(second, pain));
  }
  expect(times(series)).toEqual([100]);
  expect(series.reading("pain", 0)).toEqual({ at: 100, last: 0.4, min: 0.2, max: 0.95 });
  expect(series.reading("trust", 0)).toBeUndefined();
});

test("adding again what is there changes nothing", () => {
  const series = new Series(10, 8);
  const samples = [sample(100, 0.3), sample(103, 0.9), sample(104, 0.5)];
  for (const each of [...samples, ...samples]) series.addSample(each);
  expect(series.reading("pain", 0)).toEqual({ at: 100, last: 0.5, min: 0.3, max: 0.9 });
});

test("a late sample finds its place and does not replace a later one", () => {
  const series = new Series(1, 8);
  for (const second of [5, 7, 6]) series.addSample(sample(second, second / 10));
  series.addSample(sample(7.5, 0.1));
  series.addSample(sample(7.2, 0.9));
  expect(times(series)).toEqual([5, 6, 7]);
  expect(series.reading("pain", 2)).toEqual({ at: 7, last: 0.1, min: 0.1, max: 0.9 });
});

test("a full series forgets the oldest, and what is older than all is not taken", () => {
  const series = new Series(1, 16);
  for (let second = 1; second <= 100; second += 1) series.addSample(sample(second, 0.5));
  expect(series.length).toBeLessThanOrEqual(16);
  expect(times(series).at(-1)).toBe(100);
  for (let second = 101; series.length < 16; second += 1) series.addSample(sample(second, 0.5));
  const before = times(series);
  series.addSample(sample(1, 0.5));
  expect(times(series)).toEqual(before);
});

test("merged frames keep their extremes", () => {
  const series = new Series(1, 8);
  const extremes = { last: 0.3, min: 0.2, max: 0.95, count: 17 };
  series.addMerged({ subject: "a", from: "", latest: sample(5, 0.3), vitals: { pain: extremes } });
  expect(series.reading("pain", 0)).toEqual({ at: 5, last: 0.3, min: 0.2, max: 0.95 });
});
