import { type HistoryPoint, type Merged, type Sample, type Vital, vitals } from "../protocol";

type Column = { last: Float64Array; lastAt: Float64Array; min: Float64Array; max: Float64Array };

/** A reading of one bucket. */
export type Reading = { at: number; last: number; min: number; max: number };

/**
 * The recent past of one subject in buckets of `step` seconds, aligned to 1970 like those of the service.
 *
 * A bucket keeps the last value and the extremes, so that adding a sample twice changes nothing: what is loaded and
 * what streams in may overlap. Times are seconds since 1970; absent values are NaN.
 */
export class Series {
  length = 0;
  readonly times: Float64Array;
  readonly #columns: Record<Vital, Column>;

  constructor(
    readonly step: number,
    readonly capacity: number,
  ) {
    const empty = () => new Float64Array(capacity).fill(Number.NaN);
    const column = (): Column => ({ last: empty(), lastAt: empty(), min: empty(), max: empty() });
    this.times = empty();
    this.#columns = { clarity: column(), chaos: column(), trust: column(), pain: column() };
  }

  addSample(sample: Sample): void {
    const at = Date.parse(sample.at) / 1_000;
    for (const vital of vitals) {
      const value = sample[vital];
      if (value !== undefined) this.#add(vital, at, value, value, value);
    }
  }

  addMerged(merged: Merged): void {
    const at = Date.parse(merged.latest.at) / 1_000;
    for (const vital of vitals) {
      const extremes = merged.vitals[vital];
      if (extremes) this.#add(vital, at, extremes.last, extremes.min, extremes.max);
    }
  }

  addPoint(point: HistoryPoint): void {
    const at = Date.parse(point.at) / 1_000;
    for (const vital of vitals) {
      const bucket = point[vital];
      if (bucket) this.#add(vital, at, bucket.last, bucket.min, bucket.max);
    }
  }

  /** What bucket `index` holds of `vital`. */
  reading(vital: Vital, index: number): Reading | undefined {
    const column = this.#columns[vital];
    const [at, last] = [this.times[index], column.last[index]];
    if (at === undefined || last === undefined || Number.isNaN(last) || index >= this.length) return undefined;
    return { at, last, min: column.min[index] as number, max: column.max[index] as number };
  }

  /** The first bucket that does not begin before `time`. */
  indexFrom(time: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.times[middle] as number) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #add(vital: Vital, at: number, last: number, min: number, max: number): void {
    if (Number.isNaN(at)) return;
    const index = this.#bucket(Math.floor(at / this.step) * this.step);
    if (index === undefined) return;
    const column = this.#columns[vital];
    const isFirst = Number.isNaN(column.last[index] as number);
    column.min[index] = isFirst ? min : Math.min(min, column.min[index] as number);
    column.max[index] = isFirst ? max : Math.max(max, column.max[index] as number);
    // A sample that comes late does not replace a later one.
    if (!isFirst && at < (column.lastAt[index] as number)) return;
    column.last[index] = last;
    column.lastAt[index] = at;
  }

  /** Finds or makes the bucket that begins at `start`; none when it is older than all that fits. */
  #bucket(start: number): number | undefined {
    let index = this.indexFrom(start);
    if (index < this.length && this.times[index] === start) return index;
    if (this.length === this.capacity) {
      if (index === 0) return undefined;
      // Room for many at once, so that most additions move nothing.
      const freed = Math.max(1, Math.min(index, this.capacity >> 3));
      for (const array of this.#arrays()) array.copyWithin(0, freed, this.length);
      this.length -= freed;
      index -= freed;
    }
    for (const array of this.#arrays()) {
      array.copyWithin(index + 1, index, this.length);
      array[index] = Number.NaN;
    }
    this.times[index] = start;
    this.length += 1;
    return index;
  }

  #arrays(): Float64Array[] {
    return [this.times, ...vitals.flatMap((vital) => Object.values(this.#columns[vital]))];
  }
}
