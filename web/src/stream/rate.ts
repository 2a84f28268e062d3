import { serverNow } from "../clock";
import type { ServerFrame, Update } from "../protocol";

/** The longest span over which it is counted, in seconds. */
const SPAN = 60;

/** How many samples a stream brings. */
export class Rate {
  /** How many came in each second since 1970, by the remainder of `SPAN` and one more. */
  readonly #counts = new Array<number>(SPAN + 1).fill(0);
  #second = 0;
  #since: number | undefined;

  constructor(private readonly clock: () => number = serverNow) {}

  /** Counts from nothing: what came before was of something else, or not all of it came. */
  begin(): void {
    this.#counts.fill(0);
    this.#second = this.#now();
    this.#since = undefined;
  }

  take(frame: ServerFrame): void {
    if (frame.type === "update") this.#add(samplesIn(frame));
    if (frame.type !== "snapshot" && frame.type !== "subscribed") return;
    this.begin();
    this.#since = this.#second;
  }

  /** Samples a second over the last whole `seconds`; nothing while that has not been counted for long enough. */
  perSecond(seconds: number): number | undefined {
    this.#advance();
    if (this.#since === undefined || this.#second - this.#since <= seconds) return undefined;
    let sum = 0;
    for (let back = 1; back <= seconds; back += 1) sum += this.#counts[(this.#second - back) % (SPAN + 1)] ?? 0;
    return sum / seconds;
  }

  #add(count: number): void {
    this.#advance();
    const place = this.#second % (SPAN + 1);
    this.#counts[place] = (this.#counts[place] ?? 0) + count;
  }

  /** Seconds in which nothing came count as well. */
  #advance(): void {
    const now = this.#now();
    const passed = Math.min(now - this.#second, SPAN + 1);
    for (let ahead = 0; ahead < passed; ahead += 1) this.#counts[(now - ahead) % (SPAN + 1)] = 0;
    this.#second = Math.max(this.#second, now);
  }

  #now(): number {
    return Math.floor(this.clock() / 1_000);
  }
}

function samplesIn({ samples = [], merged = [] }: Update): number {
  const counts = merged.map(({ vitals }) => Math.max(0, ...Object.values(vitals).map(({ count }) => count)));
  return counts.reduce((sum, count) => sum + count, samples.length);
}
