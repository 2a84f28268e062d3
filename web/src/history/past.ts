import { batch, signal } from "@preact/signals";
import { fetchHistory } from "../api";
import { serverNow } from "../clock";
import type { Merged, Sample } from "../protocol";
import type { Range } from "./ranges";
import { Series } from "./series";

/** Whether the past is there. */
export type PastState = "loading" | "complete" | "missing";

/** A stretch of time, in seconds since 1970, of which this page does not know what happened. */
export type Hole = { from: number; to: number };

const RETRY_MS = 5_000;

/** The past of the chosen subject: loaded from the service, then continued by the stream. */
export class Past {
  readonly state = signal<PastState>("loading");
  /** Counts changes of the series, which itself is not reactive. */
  readonly version = signal(0);
  series: Series;
  holes: Hole[] = [];
  #loading: AbortController | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  /**
   * `end` is where the window ends, in milliseconds since 1970; without it at the present, which moves. `before` is a window
   * of the same range that this one follows: what is known of it is shown until the rest is loaded.
   */
  constructor(
    readonly subject: string,
    readonly range: Range,
    readonly end?: number,
    before?: Past,
  ) {
    // The range, and as much again for what streams in before the oldest is forgotten.
    this.series = before?.series ?? new Series(range.step, (2 * range.seconds) / range.step);
    const now = (end ?? serverNow()) / 1_000;
    const knownUntil = before?.state.peek() === "complete" ? (before.end ?? serverNow()) / 1_000 : 0;
    this.holes = [{ from: Math.max(now - range.seconds, knownUntil), to: now }];
  }

  /** Loads the whole range. What streams in meanwhile is kept: adding twice changes nothing. */
  async load(): Promise<void> {
    this.stop();
    const loading = new AbortController();
    this.#loading = loading;
    // What is missing stays missing until it is there: trying again must not look like success.
    if (this.state.value !== "missing") this.state.value = "loading";
    const to = this.end ?? serverNow();
    const from = to - this.range.seconds * 1_000;
    try {
      // A little beyond now: a bucket counts when it begins before `to`.
      const history = await fetchHistory(
        this.subject,
        new Date(from),
        new Date(to + 1_000),
        this.range.step,
        loading.signal,
      );
      for (const point of history.points) this.series.addPoint(point);
      this.#settle(history.truncated ? this.#cutOff(history.points.at(-1)?.at, to) : []);
    } catch {
      if (loading.signal.aborted) return;
      this.state.value = "missing";
      this.show();
      this.#retry = setTimeout(() => void this.load(), RETRY_MS);
    }
  }

  /** The stream begins anew. What happened since it was last heard is unknown until it is loaded. */
  begin(): void {
    const newest = this.series.length === 0 ? undefined : this.series.times[this.series.length - 1];
    if (newest !== undefined) this.holes.push({ from: newest, to: serverNow() / 1_000 });
    void this.load();
  }

  addSample(sample: Sample): void {
    this.series.addSample(sample);
  }

  addMerged(merged: Merged): void {
    this.series.addMerged(merged);
  }

  /** Tells whoever draws that the series has grown. */
  show = (): void => {
    this.version.value += 1;
  };

  stop(): void {
    clearTimeout(this.#retry);
    this.#loading?.abort();
  }

  #settle(holes: Hole[]): void {
    this.holes = holes;
    batch(() => {
      this.state.value = holes.length === 0 ? "complete" : "missing";
      this.show();
    });
  }

  #cutOff(lastAt: string | undefined, to: number): Hole[] {
    const from = lastAt === undefined ? to / 1_000 - this.range.seconds : Date.parse(lastAt) / 1_000;
    return [{ from, to: to / 1_000 }];
  }
}
