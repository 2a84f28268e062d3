import type { Series } from "../history/series";
import { vitals } from "../protocol";

/** A row for each bucket of the series between two moments: its time, and of each vital the last value and the extremes. */
export function rows(series: Series, from: number, to: number): Record<string, string | number>[] {
  const all: Record<string, string | number>[] = [];
  for (let index = series.indexFrom(from); index < series.length; index += 1) {
    const at = series.times[index] as number;
    if (at > to) break;
    const row: Record<string, string | number> = { at: new Date(at * 1_000).toISOString() };
    for (const vital of vitals) {
      const reading = series.reading(vital, index);
      if (!reading) continue;
      row[vital] = reading.last;
      row[`${vital}_min`] = reading.min;
      row[`${vital}_max`] = reading.max;
    }
    all.push(row);
  }
  return all;
}

const columns = ["at", ...vitals.flatMap((vital) => [vital, `${vital}_min`, `${vital}_max`])];

/** As RFC 4180 writes it. There is nothing in it to quote: times and numbers. */
export function csv(all: readonly Record<string, string | number>[]): string {
  return [columns, ...all.map((row) => columns.map((column) => row[column] ?? ""))]
    .map((cells) => `${cells.join(",")}\r\n`)
    .join("");
}
