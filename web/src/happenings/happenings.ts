import { signal } from "@preact/signals";
import { fetchAlertsBetween, fetchEvents, fetchPast } from "../api";
import { onNextFrame } from "../board/next-frame";
import type { Alert, Event, EventKind, Subject, Update } from "../protocol";
import type { Window } from "../time/timeline";

/** What is drawn and listed; chorus and signals come in great numbers, so that a page asks for those that it needs. */
export type Kinds = readonly EventKind[];

/** The service gives no more at once. Of a window with more the oldest are left out, and the page says so. */
const MOST = 1_000;
/** They come every few seconds: asked for together with the others they would crowd them out. */
const PLENTY: Kinds = ["levels", "chorus"];
const RETRY_MS = 5_000;

/** Of these the last within each step is enough for any picture: a window of any length is told whole. */
const THINNED: Kinds = ["chorus"];

/** The events of some kinds, by their ids, and from when on all of them are there. */
type Told = { events: Map<string, Event>; from: number };

/** The kinds that are asked for together. */
function apart(kinds: Kinds): Kinds[] {
  const few = kinds.filter((kind) => !PLENTY.includes(kind));
  const many = PLENTY.filter((kind) => kinds.includes(kind)).map((kind) => [kind]);
  return [few, ...many].filter(({ length }) => length > 0);
}

/**
 * What happened to the chosen subject within a window of time: loaded from the service, continued by the stream.
 * Of all subjects alerts alone are told: all else would be too much for one line.
 */
export class Happenings {
  /** In the order of time. */
  readonly events = signal<readonly Event[]>([]);
  readonly alerts = signal<readonly Alert[]>([]);
  /** What was so when the window began; unknown until it is loaded. */
  readonly start = signal<Subject | undefined>(undefined);
  readonly state = signal<"loading" | "complete" | "missing" | "truncated">("loading");
  /** Where the window begins, in milliseconds since 1970. */
  from = 0;
  /** What was loaded last. */
  #window: Window | undefined;
  readonly #told = new Map<string, Told>();
  #alerts = new Map<string, Alert>();
  #loading: AbortController | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  /** `before` is what is known of a window that this one follows: it is shown until the rest is loaded. */
  constructor(
    readonly subject: string | undefined,
    readonly kinds: Kinds,
    before?: Happenings,
  ) {
    if (!before) return;
    this.from = before.from;
    for (const [kinds, { events, from }] of before.#told) this.#told.set(kinds, { events: new Map(events), from });
    this.#alerts = new Map(before.#alerts);
    this.start.value = before.start.peek();
    this.#show();
  }

  /**
   * From when on all events of a kind are there, in milliseconds since 1970: of many the oldest are left out, and then the
   * beginning of the window tells nothing of what follows.
   */
  allFrom(kind: EventKind): number {
    return this.#toldOf(kind).from;
  }

  isWhole(kind: EventKind): boolean {
    return this.allFrom(kind) <= this.from;
  }

  /** Loads the window. What streams in meanwhile is kept: taking in the same twice changes nothing. */
  async load(window: Window): Promise<void> {
    this.stop();
    const loading = new AbortController();
    this.#loading = loading;
    const isOnwards = this.#window !== undefined && this.state.peek() !== "missing";
    this.#window = window;
    if (this.state.peek() !== "missing" && !isOnwards) this.state.value = "loading";
    const [from, to] = [new Date(window.from), new Date(window.to)];
    try {
      const { subject } = this;
      const groups = subject === undefined ? [] : apart(this.kinds);
      const [past, alerts, told] = await Promise.all([
        subject === undefined
          ? undefined
          : fetchPast({ subject, from, to: from, step: undefined, signal: loading.signal }),
        fetchAlertsBetween(subject, from, to, MOST, loading.signal),
        Promise.all(groups.map((kinds) => this.#fetch(kinds, from, to, loading.signal))),
      ]);
      this.from = window.from;
      told.forEach((events, group) => {
        this.#take(groups[group]?.[0] as EventKind, events);
      });
      for (const alert of alerts) this.#alerts.set(alert.id, alert);
      this.#forget();
      const isWhole = alerts.length < MOST && groups.every((kinds) => kinds.every((kind) => this.isWhole(kind)));
      this.state.value = isWhole ? "complete" : "truncated";
      this.start.value = past?.start.subjects[0];
      this.#show();
    } catch {
      if (loading.signal.aborted) return;
      this.state.value = "missing";
      this.#retry = setTimeout(() => void this.load(window), RETRY_MS);
    }
  }

  /** Takes in what the stream tells. */
  take(update: Update): void {
    for (const { alert } of update.alerts ?? []) {
      if (this.subject === undefined || alert.subject === this.subject) this.#alerts.set(alert.id, alert);
    }
    for (const event of update.events ?? []) {
      if (event.subject === this.subject && this.kinds.includes(event.kind)) {
        this.#tell(event);
      }
    }
    for (const levels of update.levels ?? []) {
      if (levels.subject !== this.subject || !this.kinds.includes("levels")) continue;
      const { subject, at, changed, verdict } = levels;
      this.#tell({ id: levelsId(at), subject, at, kind: "levels", changed, verdict });
    }
    if (update.alerts ?? update.events ?? update.levels) onNextFrame(this.#show);
    this.#moveOn(Date.parse(update.server_time));
  }

  /** A page that stays open for days would gather all of them: when a whole window has passed, the next one is loaded. */
  #moveOn(now: number): void {
    if (!this.#window || this.state.peek() === "loading") return;
    const span = this.#window.to - this.#window.from;
    if (now - this.#window.to > span) void this.load({ from: now - span, to: now });
  }

  /** What was before the window is told by its start. */
  #forget(): void {
    for (const { events } of this.#told.values()) {
      for (const [id, { at }] of events) if (Date.parse(at) < this.from) events.delete(id);
    }
    for (const [id, { resolved_at }] of this.#alerts) {
      if (resolved_at && Date.parse(resolved_at) < this.from) this.#alerts.delete(id);
    }
  }

  stop(): void {
    clearTimeout(this.#retry);
    this.#loading?.abort();
  }

  #fetch(kinds: Kinds, from: Date, to: Date, signal: AbortSignal): Promise<Event[]> {
    const { subject } = this;
    if (subject === undefined) return Promise.resolve([]);
    const isThinned = kinds.every((kind) => THINNED.includes(kind));
    const step = isThinned ? Math.max(1, Math.ceil((to.getTime() - from.getTime()) / 1_000 / MOST)) : undefined;
    return fetchEvents({ subject, kinds, from, to, limit: MOST, step, signal });
  }

  /** Takes in an answer of the service, the latest first, of all kinds that are asked for together with `kind`. */
  #take(kind: EventKind, events: readonly Event[]): void {
    const told = this.#toldOf(kind);
    for (const event of events) this.#tell(event.kind === "levels" ? { ...event, id: levelsId(event.at) } : event);
    const oldest = events.length < MOST || THINNED.includes(kind) ? undefined : events.at(-1);
    told.from = oldest ? Date.parse(oldest.at) : this.from;
  }

  #tell(event: Event): void {
    this.#toldOf(event.kind).events.set(event.id, event);
  }

  #toldOf(kind: EventKind): Told {
    const name = PLENTY.includes(kind) ? kind : "others";
    const told = this.#told.get(name) ?? { events: new Map(), from: 0 };
    this.#told.set(name, told);
    return told;
  }

  #show = (): void => {
    const all = [...this.#told.values()].flatMap((told) => {
      const count = told.events.size;
      const events = latest(told.events, ({ at }) => at);
      if (events[0] && events.length < count) told.from = Date.parse(events[0].at);
      return events;
    });
    this.events.value = all.sort((a, b) => a.at.localeCompare(b.at));
    this.alerts.value = latest(this.#alerts, ({ opened_at }) => opened_at);
  };
}

/** The stream tells levels without their id: the moment names them, there and in what is loaded. */
const levelsId = (at: string) => `levels ${at}`;

/** All in the order of time; the oldest are forgotten when they are too many. */
function latest<T extends { id: string }>(all: Map<string, T>, at: (each: T) => string): T[] {
  const sorted = [...all.values()].sort((a, b) => at(a).localeCompare(at(b)));
  for (const old of sorted.splice(0, Math.max(0, sorted.length - 2 * MOST))) all.delete(old.id);
  return sorted;
}
