import type { Vital } from "../protocol";
import type { Series } from "./series";

/** What a chart draws: times, then last, min and max; `null` where the line breaks. */
export type ChartData = [number[], (number | null)[], (number | null)[], (number | null)[]];

/**
 * The part of a series from `from` on. The line breaks where the subject was silent for longer than `silence` seconds:
 * nothing is known of the time in between.
 */
export function chartData(series: Series, vital: Vital, from: number, silence: number): ChartData {
  const [times, last, min, max]: ChartData = [[], [], [], []];
  const longest = Math.max(silence, 2 * series.step);
  // One bucket before the edge, so that the line enters the picture.
  for (let index = Math.max(0, series.indexFrom(from) - 1); index < series.length; index += 1) {
    const reading = series.reading(vital, index);
    if (!reading) continue;
    const previous = times.at(-1);
    if (previous !== undefined && reading.at - previous > longest) {
      times.push(previous + series.step);
      for (const column of [last, min, max]) column.push(null);
    }
    times.push(reading.at);
    last.push(reading.last);
    min.push(reading.min);
    max.push(reading.max);
  }
  return [times, last, min, max];
}

/** The reading nearest to `time`; none when it is farther away than `reach` seconds. */
export function readingNear(series: Series, vital: Vital, time: number, reach: number) {
  const after = series.indexFrom(time);
  let best: ReturnType<Series["reading"]>;
  // A bucket may lack this vital: look a few places to both sides.
  for (let index = after - 8; index <= after + 8; index += 1) {
    const reading = series.reading(vital, index);
    if (!reading || Math.abs(reading.at - time) > reach) continue;
    if (!best || Math.abs(reading.at - time) < Math.abs(best.at - time)) best = reading;
  }
  return best;
}
