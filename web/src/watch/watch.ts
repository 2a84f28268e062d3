import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { fetchAlerts, fetchConfig } from "../api";
import { Board } from "../board/board";
import { onNextFrame } from "../board/next-frame";
import { worstFirst } from "../board/subject-state";
import { serverNow, shownAt } from "../clock";
import { Happenings, type Kinds } from "../happenings/happenings";
import { moments } from "../happenings/moments";
import { Past } from "../history/past";
import { type Channel, type ServerFrame, type Update, vitals } from "../protocol";
import { config } from "../rules/rules";
import { Connection, streamUrl } from "../stream/connection";
import { Rate } from "../stream/rate";
import type { Interest, Stream } from "../stream/stream";
import type { PlayerState } from "../time/player";
import { Replay } from "../time/replay";
import { Timeline } from "../time/timeline";
import { keepAddress, type Place, placeInAddress } from "./address";

const ALERTS_LISTED = 100;
const RETRY_MS = 5_000;
/** A window of the past that ended so little ago is that of the present. */
const NOW_MS = 2_000;
const OF_ALL: Channel[] = ["levels", "alerts", "seams", "experiments"];
const OF_ALL_IN_OVERVIEW: Channel[] = [...vitals, ...OF_ALL];
const OF_NOBODY: Interest = { channels: [], subjects: [] };
const OF_ONE: Channel[] = [
  ...vitals,
  "signals",
  "voices",
  "actions",
  "symbols",
  "tones",
  "seams",
  "budgets",
  "artifacts",
];

/** A long list is read, not watched: drawing it at every sample would leave the browser no time for anything else. */
const pauseMs = (subjects: number) => (subjects > 50 ? 500 : 0);

/** Everything that a page shows, now or at a moment of the past, and what can be done on it. */
export class Watch {
  readonly connection = new Connection();
  readonly timeline = new Timeline(() => this.#playing?.state.peek() !== "ready");
  readonly config = config;
  /** Who is looked at; nobody until there is a subject, and while all are looked at. */
  readonly subject = signal<string | undefined>(undefined);
  /** The vitals of the chosen subject in the window of the charts. */
  readonly past = signal<Past | undefined>(undefined);
  /** What happened to the chosen subject in the window of the charts; while all are looked at, the alerts of all. */
  readonly happenings = signal<Happenings | undefined>(undefined);
  /** What happened as moments, in the order of time: worked out once for the line, the lists and the sheet. */
  readonly moments = computed(() => {
    const happenings = this.happenings.value;
    return happenings ? moments(happenings.events.value, happenings.alerts.value) : [];
  });
  /** The instant that is marked on all charts, in seconds since 1970. */
  readonly instant = signal<number | undefined>(undefined);
  /** The event whose explanation is open, by its id. */
  readonly opened = signal<string | undefined>(undefined);
  /** How many samples come in: of the chosen subject, or of all. */
  readonly rate = new Rate();
  /** Whether the service has said what subjects there are. */
  readonly isKnown = signal(false);

  readonly #present = new Board(pauseMs);
  readonly #then = new Board(pauseMs);
  /** Levels and alerts of all subjects; their vitals too while the overview shows them. */
  #all: Stream | undefined;
  #channelsOfAll = OF_ALL;
  #playing: Replay | undefined;
  /** The samples and voices of the chosen subject. A stream of their own: levels and alerts are wanted of all. */
  #details: Stream | undefined;

  /** `kinds` of events that the page draws besides alerts; whether it can show all subjects at once. */
  constructor(
    private readonly kinds: Kinds,
    readonly hasOverview = false,
  ) {}

  /** What is so at the shown moment. */
  get board(): Board {
    return this.timeline.mode.value === "live" ? this.#present : this.#then;
  }

  /** Whether there is an overview to go to. */
  readonly canShowAll = computed(() => this.hasOverview && this.#present.subjects.value.size > 1);
  readonly state = computed(() => this.board.subjects.value.get(this.subject.value ?? ""));
  /** Whether what is shown may no longer be true. The past does not change when the connection is lost. */
  readonly isFrozen = computed(() => this.connection.isFrozen.value && this.timeline.mode.value === "live");

  start(): void {
    this.#go(placeInAddress());
    addEventListener("popstate", () => this.#go(placeInAddress()));
    const isOverview = this.hasOverview && this.subject.peek() === undefined;
    this.#channelsOfAll = isOverview ? OF_ALL_IN_OVERVIEW : OF_ALL;
    const interest = { channels: this.#channelsOfAll };
    this.#all = this.connection.add(streamUrl(), interest, (frame) => this.#takeBoard(frame));
    effect(() => {
      const subject = this.subject.value;
      untracked(() => this.#follow(subject));
    });
    effect(() => {
      const [subject, window] = [this.subject.value, this.timeline.past.value];
      this.timeline.range.value;
      untracked(() => this.#renewWindow(subject, window?.to));
    });
    effect(() => {
      const [subject, at] = [this.subject.value, shownAt.value];
      const speed = this.timeline.isPlaying.value ? this.timeline.speed.value : 0;
      untracked(() => this.#showThen(subject, at, speed));
    });
    keepAddress(this);
  }

  chooseSubject(subject: string): void {
    this.#choose(subject);
  }

  /** Leaves the chosen subject for the overview of all. */
  chooseAll(): void {
    if (this.canShowAll.peek()) this.#choose(undefined);
  }

  /** Shows another subject, or all, without anybody having asked: nobody wants to go back through that. */
  turnTo(subject: string | undefined): void {
    this.#choose(subject, "replaceState");
  }

  #choose(subject: string | undefined, change: "pushState" | "replaceState" = "pushState"): void {
    if (subject === this.subject.peek()) return;
    const query = new URLSearchParams(location.search);
    if (subject === undefined) query.delete("subject");
    else query.set("subject", subject);
    history[change](null, "", `?${query}`);
    batch(() => {
      this.instant.value = this.opened.value = undefined;
      this.subject.value = subject;
    });
  }

  #go({ subject, at, speed, range }: Place): void {
    batch(() => {
      this.subject.value = subject ?? (this.hasOverview ? undefined : this.subject.peek());
      if (range) this.timeline.range.value = range;
      if (speed) this.timeline.speed.value = speed;
      if (at === undefined) this.timeline.live();
      else this.timeline.seek(at);
    });
    if (at !== undefined && speed !== undefined) this.timeline.play();
  }

  #takeBoard(frame: ServerFrame): void {
    this.#present.take(frame);
    if (this.#channelsOfAll === OF_ALL_IN_OVERVIEW) this.rate.take(frame);
    if (frame.type === "snapshot") {
      onNextFrame(this.#know);
      const happenings = this.happenings.peek();
      if (happenings && happenings.subject === undefined) void happenings.load(this.timeline.window());
      void this.#load();
    }
    if (frame.type === "update" && this.timeline.mode.peek() === "live") this.happenings.peek()?.take(frame);
    if (this.subject.peek() === undefined) this.subject.value = this.#firstChoice();
  }

  /** Together with what is known, so that nobody sees an empty page first. */
  #know = (): void => {
    this.isKnown.value = true;
  };

  /** Whom to show when nobody was chosen: the only one; of several all where the page can, else the worst. */
  #firstChoice(): string | undefined {
    const states = worstFirst(this.#present.subjectsNow());
    return this.hasOverview && states.length > 1 ? undefined : states[0]?.subject;
  }

  /** What the stream does not tell: the rules in force, and the alerts that are over. */
  async #load(): Promise<void> {
    try {
      const [rules, alerts] = await Promise.all([fetchConfig(), fetchAlerts(ALERTS_LISTED)]);
      config.value = rules;
      this.#present.takeAlerts(alerts);
    } catch {
      setTimeout(() => void this.#load(), RETRY_MS);
    }
  }

  #follow(subject: string | undefined): void {
    this.rate.begin();
    const channels = this.hasOverview && subject === undefined ? OF_ALL_IN_OVERVIEW : OF_ALL;
    if (channels !== this.#channelsOfAll) this.#all?.setInterest({ channels });
    this.#channelsOfAll = channels;
    const interest = subject === undefined ? OF_NOBODY : { channels: OF_ONE, subjects: [subject] };
    if (this.#details) this.#details.setInterest(interest);
    else if (subject !== undefined)
      this.#details = this.connection.add(streamUrl(), interest, (frame) => this.#takeDetails(frame));
  }

  #takeDetails(frame: ServerFrame): void {
    this.#present.takeDetails(frame);
    if (this.subject.peek() !== undefined) this.rate.take(frame);
    const past = this.past.peek();
    if (!past || past.end !== undefined) return;
    // From the snapshot on nothing is missed, so that what is loaded now and what streams in leave no gap.
    if (frame.type === "snapshot") {
      past.begin();
      void this.happenings.peek()?.load(this.timeline.window());
    }
    if (frame.type === "update") this.#continue(past, frame);
  }

  #continue(past: Past, update: Update): void {
    for (const sample of update.samples ?? []) if (sample.subject === past.subject) past.addSample(sample);
    for (const merged of update.merged ?? []) if (merged.subject === past.subject) past.addMerged(merged);
    this.happenings.peek()?.take(update);
    onNextFrame(past.show);
  }

  /** The charts get another window: of another subject, another range, or another time. */
  #renewWindow(subject: string | undefined, end: number | undefined): void {
    const [before, range] = [this.past.peek(), this.timeline.range.peek()];
    const isSame = before?.subject === subject;
    before?.stop();
    this.happenings.peek()?.stop();
    if (subject === undefined) {
      this.past.value = undefined;
      const known = isSame ? this.happenings.peek() : undefined;
      this.happenings.value = this.hasOverview ? new Happenings(undefined, [], known) : undefined;
      if (end !== undefined || isSame) void this.happenings.value?.load(this.timeline.window());
      return;
    }
    // A window that only moves on shows what is known of it at once: a replay must not blink whenever it turns over.
    const isOnwards =
      before !== undefined &&
      isSame &&
      before.range === range &&
      (end ?? serverNow()) >= (before.end ?? serverNow()) - NOW_MS;
    const past = new Past(subject, range, end, isOnwards ? before : undefined);
    const happenings = new Happenings(subject, this.kinds, isOnwards ? this.happenings.peek() : undefined);
    this.past.value = past;
    this.happenings.value = happenings;
    // The window of another subject is loaded when the stream has begun to tell of it, so that nothing falls between.
    if (end === undefined && !isSame) return;
    void past.load();
    void happenings.load(this.timeline.window());
  }

  /** Shows the moment `at` instead of the present. */
  #showThen(subject: string | undefined, at: number | undefined, speed: number): void {
    if (at === undefined || subject !== this.#playing?.subject) {
      this.#playing?.stop();
      this.#playing = undefined;
    }
    if (at === undefined) return;
    this.#playing ??= new Replay(subject, this.#then);
    this.#playing.show(at, speed);
  }

  /** Whether the shown moment of the past is all there, and since when the past is kept at all. */
  replayState(): { state: PlayerState; keptFrom: number | undefined } {
    this.timeline.mode.value;
    return { state: this.#playing?.state.value ?? "idle", keptFrom: this.#playing?.keptFrom.value };
  }
}
