import { batch, computed, signal } from "@preact/signals";
import { serverNow, shownAt } from "../clock";
import { type Range, ranges } from "../history/ranges";
import { recall, remember } from "../preferences";

/** Faster than life, or slower. */
export const speeds = [0.5, 1, 2, 5, 10, 30, 60, 100, 300, 1_000] as const;

/** A window of the past is turned over when the shown moment comes so near to its end. */
const TURN_AT = 0.95;
/** Where in a window of the past the moment lies that it was opened for. */
const OPEN_AT = 0.6;

export type Mode = "live" | "paused" | "replay";
/** Milliseconds since 1970. */
export type Window = { from: number; to: number };

/** Which moment the page shows, and the stretch of time around it that its charts show. */
export class Timeline {
  readonly range = signal<Range>(remembered());
  readonly speed = signal(1);
  readonly isPlaying = signal(false);
  /** Where the window of the past begins; without meaning while live. */
  readonly #from = signal(0);

  readonly mode = computed<Mode>(() =>
    shownAt.value === undefined ? "live" : this.isPlaying.value ? "replay" : "paused",
  );
  readonly #isPast = computed(() => shownAt.value !== undefined);
  /** The window of the past, the same for as long as it does not turn; nothing while live, when it moves all the time. */
  readonly past = computed<Window | undefined>(() =>
    this.#isPast.value
      ? { from: this.#from.value, to: this.#from.value + this.range.value.seconds * 1_000 }
      : undefined,
  );
  #playedAt = 0;

  /** While `isHeld` says so, time stands still although it plays: the next moment is not there yet. */
  constructor(private readonly isHeld: () => boolean = () => false) {}

  /** What the charts show at this moment. */
  window(): Window {
    const to = serverNow();
    return this.past.peek() ?? { from: to - this.range.peek().seconds * 1_000, to };
  }

  live(): void {
    batch(() => {
      this.isPlaying.value = false;
      shownAt.value = undefined;
    });
  }

  /** Shows this moment of the past, standing still or playing on as before. One that is not over yet is the present. */
  seek(at: number): void {
    if (at >= serverNow()) {
      this.live();
      return;
    }
    batch(() => {
      const { from, to } = this.window();
      if (shownAt.peek() === undefined) this.#from.value = from;
      if (at < from || at > to) this.#from.value = at - OPEN_AT * (to - from);
      this.#keepOutOfFuture();
      shownAt.value = at;
    });
  }

  /** Stands still where it is. */
  pause(): void {
    if (shownAt.peek() === undefined) this.seek(serverNow() - 1);
    this.isPlaying.value = false;
  }

  /** Plays on from the shown moment. */
  play(): void {
    if (shownAt.peek() === undefined || this.isPlaying.peek()) return;
    this.isPlaying.value = true;
    this.#playedAt = performance.now();
    requestAnimationFrame(this.#advance);
  }

  toggle(): void {
    if (this.isPlaying.peek() || shownAt.peek() === undefined) this.pause();
    else this.play();
  }

  /** Moves by a share of the range. */
  step(share: number): void {
    this.seek((shownAt.peek() ?? serverNow()) + share * this.range.peek().seconds * 1_000);
  }

  /** The next faster speed, or with -1 the next slower. */
  changeSpeed(by: 1 | -1): void {
    const index = speeds.indexOf(this.speed.peek() as (typeof speeds)[number]) + by;
    this.speed.value = speeds[Math.min(Math.max(index, 0), speeds.length - 1)] ?? 1;
  }

  /** How wide the window is; the shown moment keeps its place in it. */
  chooseRange(range: Range): void {
    batch(() => {
      const at = shownAt.peek();
      if (at !== undefined) {
        const share = (at - this.#from.peek()) / (this.range.peek().seconds * 1_000);
        this.#from.value = at - share * range.seconds * 1_000;
      }
      this.range.value = range;
      this.#keepOutOfFuture();
    });
    remember("range", range.name);
  }

  #advance = (time: number): void => {
    const at = shownAt.peek();
    if (!this.isPlaying.peek() || at === undefined) return;
    const passed = this.isHeld() ? 0 : Math.max(0, time - this.#playedAt);
    this.#playedAt = time;
    const next = at + passed * this.speed.peek();
    if (next >= serverNow()) {
      this.live();
      return;
    }
    batch(() => {
      const { from, to } = this.window();
      if (next > from + TURN_AT * (to - from)) this.#from.value = next - (1 - OPEN_AT) * 0.5 * (to - from);
      this.#keepOutOfFuture();
      shownAt.value = next;
    });
    requestAnimationFrame(this.#advance);
  };

  #keepOutOfFuture(): void {
    this.#from.value = Math.min(this.#from.peek(), serverNow() - this.range.peek().seconds * 1_000);
  }
}

function remembered(): Range {
  return ranges.find((range) => range.name === recall("range")) ?? ranges[1];
}
