import type { Series } from "../history/series";
import type { Scores, Vital } from "../protocol";
import type { Plane } from "./plane";

/** A point of the trail; it needs clarity and chaos to have a place. Times are seconds since 1970. */
export type Point = { at: number; clarity: number; chaos: number; trust?: number; pain?: number };

/** The way of the window. Between two points that lie more than `silence` seconds apart nothing is known. */
export type Way = { points: Point[]; silence: number };

export function pointsOf(series: Series, from: number, to: number): Point[] {
  const points: Point[] = [];
  for (let index = series.indexFrom(from); index < series.length; index += 1) {
    const score = (vital: Vital) => series.reading(vital, index)?.last;
    const at = series.times[index] as number;
    if (at > to) break;
    const [clarity, chaos] = [score("clarity"), score("chaos")];
    if (clarity !== undefined && chaos !== undefined) {
      points.push({ at, clarity, chaos, trust: score("trust"), pain: score("pain") });
    }
  }
  return points;
}

/** How many points there are until a time. */
export function countUntil(points: readonly Point[], time: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] as Point).at <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The point that was so at `time`; none when it is older than `reach` seconds. */
export function pointAt(points: readonly Point[], time: number, reach: number): Point | undefined {
  const point = points[countUntil(points, time) - 1];
  return point && time - point.at <= reach ? point : undefined;
}

/** The point of the picture nearest to a place in it; none when it is more than `reach` pixels away. */
export function pointNear(points: readonly Point[], plane: Plane, x: number, y: number, reach: number) {
  let [best, nearest]: [Point | undefined, number] = [undefined, reach];
  for (const point of points) {
    const distance = Math.hypot(plane.x(point.clarity) - x, plane.y(point.chaos) - y);
    // Of several the latest: it lies on top.
    if (distance > nearest) continue;
    [best, nearest] = [point, distance];
  }
  return best;
}

export function hasPlace(scores: Scores): scores is Scores & { clarity: number; chaos: number } {
  return scores.clarity !== undefined && scores.chaos !== undefined;
}
