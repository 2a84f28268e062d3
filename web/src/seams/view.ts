import { computed, signal } from "@preact/signals";
import { worstFirst } from "../board/subject-state";
import { now, present, shownAt, shownNow } from "../clock";
import { happenedBy } from "../happenings/moments";
import { config, UNKNOWN } from "../rules/rules";
import { lightStretches } from "../time/light-strip";
import type { Window } from "../time/timeline";
import type { Watch } from "../watch/watch";
import { type Point, pointAt, pointsOf } from "./points";
import { areas, otherAreas, possible, stateBoxes } from "./state-map";
import { type SeamEvent, seamBefore, stateStretches, transitions } from "./stretches";

/** From one state to another. */
export type Pair = { from: string; to: string };

/** What the parts of the page draw, each computed once. */
export class SeamsView {
  /** The transition that the list is narrowed down to. */
  readonly chosen = signal<Pair | undefined>(undefined);
  /** The transition that is pointed at. */
  readonly pointed = signal<Pair | undefined>(undefined);

  constructor(readonly watch: Watch) {}

  /** The stretch of time that is shown, in milliseconds since 1970: while live it moves once a second. */
  readonly window = computed<Window>(() => {
    const to = present.value;
    return this.watch.timeline.past.value ?? { from: to - this.watch.timeline.range.value.seconds * 1_000, to };
  });

  readonly #events = computed(() => this.watch.happenings.value?.events.value ?? []);
  readonly #seams = computed(() => this.#events.value.filter((event) => event.kind === "seam"));

  readonly #forks = computed(() => this.#events.value.filter((event) => event.kind === "bifurcation"));

  /** What came since the connection was lost is not known. */
  readonly #knownUntil = computed(() => {
    const state = this.watch.connection.state.value;
    return (this.watch.isFrozen.value && "since" in state && state.since) || present.value;
  });

  /** Those within the window, in the order of time. */
  readonly seams = computed<SeamEvent[]>(() => within(this.#seams.value, this.window.value));
  /** Those of the transition that was chosen; all while none is. */
  readonly listed = computed(() => {
    const pair = this.chosen.value;
    return pair ? this.seams.value.filter(({ seam }) => isSame(seam, pair)) : this.seams.value;
  });
  readonly forks = computed(() => within(this.#forks.value, this.window.value));

  readonly transitions = computed(() => transitions(this.seams.value));

  readonly stretches = computed(() => {
    const happenings = this.watch.happenings.value;
    const start = happenings?.start.value;
    return stateStretches(
      happenings?.isWhole("seam") ? start : undefined,
      this.#seams.value,
      this.window.value,
      this.#knownUntil.value,
    );
  });

  /** Who is in which state, in which light, the worst first. As text: it is the same for as long as nothing of it changes. */
  readonly subjects = computed(() =>
    worstFirst(this.watch.board.subjects.value.values())
      .map(({ subject, light, state }) => `${light} ${state?.state ?? UNKNOWN} ${subject}`)
      .join("\n"),
  );

  /** Where the subject was silent: its state is the last known one. */
  readonly silences = computed(() => {
    const happenings = this.watch.happenings.value;
    const start = happenings?.isWhole("levels") ? happenings.start.value : undefined;
    const stretches = lightStretches(start, this.#events.value, this.window.value, this.#knownUntil.value);
    return stretches.filter(({ light }) => light === "black");
  });

  /** The seam that led to the shown moment of the past. Choosing a seam is going to its moment: no other choice is kept. */
  readonly current = computed(() => {
    const at = shownAt.value;
    return at === undefined ? undefined : seamBefore(this.seams.value, at);
  });

  /** The last bifurcation since the last seam: it has not been decided yet. */
  readonly fork = computed(() => {
    const until = now.value;
    const seam = seamBefore(this.#seams.value, until);
    const fork = this.#forks.value.findLast((event) => Date.parse(event.at) <= until);
    return fork && (!seam || seam.at < fork.at) ? fork : undefined;
  });

  readonly boxes = computed(() => stateBoxes(config.value?.states ?? [], config.value?.bands ?? []));

  /** The states that the shown trust and pain allow, by their ids: it changes seldom, so that the map is drawn seldom. */
  readonly #possible = computed(() => {
    const { trust, pain } = this.watch.state.value?.measured ?? {};
    if (!trust || !pain) return "";
    return possible(this.boxes.value, trust.value, pain.value)
      .map(({ id }) => id)
      .join(" ");
  });

  /** Where in the plane which state holds with the shown trust and pain, and where others would with others. */
  readonly map = computed(() => {
    const ids = this.#possible.value.split(" ");
    const here = areas(this.boxes.value.filter(({ id }) => ids.includes(id)));
    return { here, others: otherAreas(this.boxes.value, here) };
  });

  /** What was so at the instant that is pointed at. */
  pointedPoint(): Point | undefined {
    const [past, instant] = [this.watch.past.value, this.watch.instant.value];
    if (!past || instant === undefined) return undefined;
    past.version.value;
    const reach = Math.max(2 * past.series.step, past.range.seconds / 100);
    return pointAt(pointsOf(past.series, instant - reach, instant), instant, reach);
  }

  /** Shows the moment of a seam, standing still. */
  go(event: SeamEvent): void {
    this.watch.timeline.isPlaying.value = false;
    this.watch.timeline.seek(happenedBy(event.at));
  }

  /** Goes to the next of the listed seams, or to the one before. */
  step(by: 1 | -1): void {
    const [at, all] = [shownNow(), this.listed.peek()];
    const moment = (event: SeamEvent) => happenedBy(event.at);
    const found = by === 1 ? all.find((each) => moment(each) > at) : all.findLast((each) => moment(each) < at);
    if (found) this.go(found);
  }

  /** Whether another transition than this one is pointed at or chosen, so that it stands back. */
  isAside(seam: Pair): boolean {
    const pair = this.pointed.value ?? this.chosen.value;
    return pair !== undefined && !isSame(seam, pair);
  }
}

function isSame(one: Pair, other: Pair): boolean {
  return one.from === other.from && one.to === other.to;
}

/** What streams in may be a little later than a window that moves once a second. */
function within<T extends { at: string }>(events: readonly T[], { from, to }: Window): T[] {
  return events.filter((event) => Date.parse(event.at) >= from && Date.parse(event.at) <= to + 1_000);
}
