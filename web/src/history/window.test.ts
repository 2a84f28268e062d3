import { expect, test } from "vitest";
import { Series } from "./series";
import { chartData, readingNear } from "./window";

function seriesAt(...seconds: number[]): Series {
  const series = new Series(1, 64);
  for (const second of seconds) {
    series.addSample({ subject: "a", at: new Date(second * 1_000).toISOString(), pain: second / 1_000 });
  }
  return series;
}

test("the line breaks where the subject was silent, and only there", () => {
  const [times, last] = chartData(seriesAt(100, 130, 200), "pain", 0, 60);
  expect(times).toEqual([100, 130, 131, 200]);
  expect(last).toEqual([0.1, 0.13, null, 0.2]);
});

test("the window begins one bucket before its edge", () => {
  expect(chartData(seriesAt(100, 110, 120), "pain", 115, 60)[0]).toEqual([110, 120]);
});

test("a vital that was never sent has no line", () => {
  expect(chartData(seriesAt(100, 110), "trust", 0, 60)).toEqual([[], [], [], []]);
});

test("the nearest reading is found within reach only", () => {
  const series = seriesAt(100, 110);
  expect(readingNear(series, "pain", 104, 30)?.at).toBe(100);
  expect(readingNear(series, "pain", 106, 30)?.at).toBe(110);
  expect(readingNear(series, "pain", 200, 30)).toBeUndefined();
});
