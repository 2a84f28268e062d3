import { computed, signal } from "@preact/signals";
import { ApiError, backtest } from "../api";
import { bandOf } from "../bands/zones";
import { serverNow } from "../clock";
import { Past } from "../history/past";
import { ranges } from "../history/ranges";
import type { Backtest, Edge, Vital } from "../protocol";
import { config } from "../rules/rules";
import { type Moved, placeFor, withMoved } from "./moved";

const WEEK = ranges.find(({ name }) => name === "7d") ?? ranges[ranges.length - 1];
/** Who drags an edge changes their mind several times a second. */
const PAUSE_MS = 300;

export type Judgement =
  | { kind: "none" }
  | { kind: "asking" }
  | { kind: "done"; backtest: Backtest }
  | { kind: "refused"; reason: string | undefined };

/** What the last week of a subject would have been, had edges of a vital stood elsewhere. */
export class Preview {
  readonly past: Past;
  readonly moved = signal<Moved>({});
  readonly judgement = signal<Judgement>({ kind: "none" });
  /** The band as it is in force, and as it would be. */
  readonly inForce = computed(() => bandOf(config.value?.bands ?? [], this.vital));
  readonly band = computed(() => {
    const band = this.inForce.value;
    return band && withMoved(band, this.moved.value);
  });
  #asking: AbortController | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly subject: string,
    readonly vital: Vital,
  ) {
    this.past = new Past(subject, WEEK as (typeof ranges)[number], serverNow());
    void this.past.load();
  }

  /** Moves an edge as near to `value` as its neighbours let it. */
  move(edge: Edge, value: number): void {
    const [band, inForce] = [this.band.peek(), this.inForce.peek()?.edges.find(({ rule }) => rule === edge.rule)];
    if (!band || !inForce) return;
    const at = placeFor(band, edge, value);
    const { [edge.rule]: _before, ...others } = this.moved.peek();
    this.moved.value = at === inForce.at ? others : { ...others, [edge.rule]: at };
    this.#judgeSoon();
  }

  reset(): void {
    this.moved.value = {};
    this.#judgeSoon();
  }

  stop(): void {
    this.past.stop();
    clearTimeout(this.#pause);
    this.#asking?.abort();
  }

  #judgeSoon(): void {
    clearTimeout(this.#pause);
    this.#asking?.abort();
    const moved = this.moved.peek();
    if (Object.keys(moved).length === 0) {
      this.judgement.value = { kind: "none" };
      return;
    }
    this.judgement.value = { kind: "asking" };
    this.#pause = setTimeout(() => void this.#judge(moved), PAUSE_MS);
  }

  async #judge(moved: Moved): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const answer = await backtest(this.subject, "7d", moved, asking.signal);
      if (!asking.signal.aborted) this.judgement.value = { kind: "done", backtest: answer };
    } catch (error) {
      if (asking.signal.aborted) return;
      this.judgement.value = { kind: "refused", reason: error instanceof ApiError ? error.message : undefined };
    }
  }
}
