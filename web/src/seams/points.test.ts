import { expect, test } from "vitest";
import { Series } from "../history/series";
import { planeOf } from "./plane";
import { pointAt, pointNear, pointsOf } from "./points";

const at = (seconds: number) => new Date(seconds * 1_000).toISOString();

function series(): Series {
  const series = new Series(1, 100);
  series.addSample({ subject: "a", at: at(10), clarity: 0.2, chaos: 0.3, trust: 0.4, pain: 0.5 });
  series.addSample({ subject: "a", at: at(11), trust: 0.6 });
  series.addSample({ subject: "a", at: at(12), clarity: 0.6, chaos: 0.7 });
  return series;
}

test("only what has clarity and chaos has a place", () => {
  expect(pointsOf(series(), 0, 20)).toEqual([
    { at: 10, clarity: 0.2, chaos: 0.3, trust: 0.4, pain: 0.5 },
    { at: 12, clarity: 0.6, chaos: 0.7 },
  ]);
  expect(pointsOf(series(), 11, 20).map((point) => point.at)).toEqual([12]);
  expect(pointsOf(series(), 0, 11).map((point) => point.at)).toEqual([10]);
});

test("a subject is where it was last seen, if that was not long ago", () => {
  const points = pointsOf(series(), 0, 20);
  expect(pointAt(points, 11, 5)?.at).toBe(10);
  expect(pointAt(points, 12, 5)?.at).toBe(12);
  expect(pointAt(points, 18, 5)).toBeUndefined();
  expect(pointAt(points, 9, 5)).toBeUndefined();
});

test("clear is right, chaos is up, and pointing finds the nearest point within reach", () => {
  const plane = planeOf(400, 400);
  expect(plane.x(0.9)).toBeGreaterThan(plane.x(0.1));
  expect(plane.y(0.9)).toBeLessThan(plane.y(0.1));
  const points = pointsOf(series(), 0, 20);
  expect(pointNear(points, plane, plane.x(0.61), plane.y(0.69), 20)?.at).toBe(12);
  expect(pointNear(points, plane, plane.x(0.4), plane.y(0.5), 20)).toBeUndefined();
});
