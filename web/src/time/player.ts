import { signal } from "@preact/signals";
import { fetchPast } from "../api";
import type { PastStretch, Snapshot, Update } from "../protocol";

/** So much of the past is asked for at once while it plays: some seconds of what people see. */
const AHEAD_SECONDS = 20;
const LEAST_AHEAD_MS = 10_000;
/** The next stretch is asked for when this share of the present one is over. */
const NEXT_AT = 0.5;
/** From this speed on single samples are not seen: they come merged, ten for each second of those who look. */
const MERGED_FROM = 10;
const RETRY_MS = 3_000;

export type PlayerState = "idle" | "loading" | "ready" | "missing";

/** What a player tells: the frames that a stream would have sent. */
export type Audience = {
  /** What was so at a moment; nothing told before it counts. */
  begin(snapshot: Snapshot): void;
  update(update: Update): void;
};

/** Plays the past of one subject, or what is known of all, moment by moment. */
export class Player {
  readonly state = signal<PlayerState>("idle");
  /** Nothing older than this is kept, in milliseconds since 1970; unknown where all of it is. */
  readonly keptFrom = signal<number | undefined>(undefined);
  #stretch: PastStretch | undefined;
  #next: PastStretch | undefined;
  #told = 0;
  #toldUntil = 0;
  #loading: AbortController | undefined;
  #wanted: { at: number; speed: number } | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly subject: string | undefined,
    private readonly audience: Audience,
  ) {}

  /** Tells all that was so at `at`. `speed` 0 means that the moment stands still. */
  show(at: number, speed: number): void {
    this.#wanted = { at, speed };
    if (this.#next && at >= Date.parse(this.#next.from)) this.#take(this.#next, false);
    const stretch = this.#stretch;
    if (!stretch || at < Date.parse(stretch.from) || at > Date.parse(stretch.until)) {
      void this.#load(at, speed);
      return;
    }
    if (at < this.#toldUntil) this.#begin(stretch);
    this.#tell(stretch, at);
    const [from, until] = [Date.parse(stretch.from), Date.parse(stretch.until)];
    if (speed > 0 && !this.#next && at > from + NEXT_AT * (until - from)) void this.#load(until, speed, true);
  }

  /** Tells anew what it told, because it was forgotten. */
  tellAgain(): void {
    const [stretch, until] = [this.#stretch, this.#toldUntil];
    if (!stretch) return;
    this.#begin(stretch);
    this.#tell(stretch, until);
  }

  stop(): void {
    clearTimeout(this.#retry);
    this.#loading?.abort();
    this.#loading = this.#stretch = this.#next = this.#wanted = undefined;
    this.state.value = "idle";
  }

  async #load(from: number, speed: number, isNext = false): Promise<void> {
    if (!isNext && this.state.peek() !== "missing") this.state.value = "loading";
    // What is on its way is awaited: dragging would otherwise ask for every pixel.
    if (this.#loading) return;
    const loading = new AbortController();
    this.#loading = loading;
    clearTimeout(this.#retry);
    const ahead = speed === 0 ? 0 : Math.max(LEAST_AHEAD_MS, AHEAD_SECONDS * 1_000 * speed);
    // Of all subjects no samples are told, so that there is nothing to merge.
    const step = this.subject !== undefined && speed >= MERGED_FROM ? speed / 10 : undefined;
    try {
      const stretch = await fetchPast({
        subject: this.subject,
        from: new Date(from),
        to: new Date(from + ahead),
        step,
        signal: loading.signal,
      });
      this.#loading = undefined;
      this.keptFrom.value = stretch.history_from === undefined ? undefined : Date.parse(stretch.history_from);
      if (isNext) this.#next = stretch;
      else this.#take(stretch, true);
      this.state.value = "ready";
      const wanted = this.#wanted;
      if (wanted && (isNext || wanted.at !== from || wanted.speed !== speed)) this.show(wanted.at, wanted.speed);
    } catch {
      if (loading.signal.aborted) return;
      this.#loading = undefined;
      this.state.value = "missing";
      this.#retry = setTimeout(() => this.#wanted && this.show(this.#wanted.at, this.#wanted.speed), RETRY_MS);
    }
  }

  #take(stretch: PastStretch, isAnew: boolean): void {
    const before = this.#stretch;
    this.#stretch = stretch;
    this.#next = undefined;
    if (!isAnew && before) {
      // What the stretch before it still has to tell comes first.
      this.#tell(before, Number.POSITIVE_INFINITY);
      this.#told = 0;
    } else {
      this.#begin(stretch);
    }
  }

  #begin(stretch: PastStretch): void {
    this.#told = 0;
    this.#toldUntil = Date.parse(stretch.from);
    this.audience.begin({ type: "snapshot", cursor: "", server_time: stretch.from, ...stretch.start });
  }

  #tell(stretch: PastStretch, until: number): void {
    let update = stretch.updates[this.#told];
    while (update && Date.parse(update.at) <= until) {
      this.audience.update({ type: "update", prev: "", cursor: "", server_time: update.at, ...update });
      this.#told += 1;
      update = stretch.updates[this.#told];
    }
    if (Number.isFinite(until)) this.#toldUntil = until;
  }
}
