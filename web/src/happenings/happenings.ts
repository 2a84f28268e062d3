import { signal } from "@preact/signals";
import { fetchAlertsBetween, fetchEvents, fetchPast } from "../api";
import type { Alert, Event, EventKind, Subject, Update } from "../protocol";
import type { Window } from "../time/timeline";

/** What is drawn and listed; chorus and signals come in great numbers, so that a page asks for those that it needs. */
export type Kinds = readonly EventKind[];

/** The service gives no more at once. Of a window with more the oldest are left out, and the page says so. */
const MOST = 1_000;
const RETRY_MS = 5_000;

/** What happened to the chosen subject within a window of time: loaded from the service, continued by the stream. */
export class Happenings {
  /** In the order of time. */
  readonly events = signal<readonly Event[]>([]);
  readonly alerts = signal<readonly Alert[]>([]);
  /** What was so when the window began; unknown until it is loaded. */
  readonly start = signal<Subject | undefined>(undefined);
  readonly state = signal<"loading" | "complete" | "missing" | "truncated">("loading");
  /** Where the window begins, in milliseconds since 1970. */
  from = 0;
  /** From when on all choruses are there: of many the oldest are left out. */
  chorusesFrom = 0;
  #events = new Map<string, Event>();
  /** They come every few seconds: counted with the others they would crowd them out. */
  #choruses = new Map<string, Event>();
  #alerts = new Map<string, Alert>();
  #loading: AbortController | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #isAnnounced = false;

  /** `before` is what is known of a window that this one follows: it is shown until the rest is loaded. */
  constructor(
    readonly subject: string,
    readonly kinds: Kinds,
    before?: Happenings,
  ) {
    if (!before) return;
    this.from = before.from;
    this.chorusesFrom = before.chorusesFrom;
    this.#events = new Map(before.#events);
    this.#choruses = new Map(before.#choruses);
    this.#alerts = new Map(before.#alerts);
    // When the oldest were left out, the beginning tells nothing of what is shown.
    if (before.state.peek() !== "truncated") this.start.value = before.start.peek();
    this.#show();
  }

  /** Loads the window. What streams in meanwhile is kept: taking in the same twice changes nothing. */
  async load(window: Window): Promise<void> {
    this.stop();
    const loading = new AbortController();
    this.#loading = loading;
    if (this.state.value !== "missing") this.state.value = "loading";
    const [from, to] = [new Date(window.from), new Date(window.to)];
    try {
      const { subject } = this;
      const fetched = (kinds: Kinds) =>
        kinds.length === 0 ? [] : fetchEvents(subject, kinds, from, to, MOST, loading.signal);
      const [{ start }, events, choruses, alerts] = await Promise.all([
        fetchPast({ subject, from, to: from, step: undefined, signal: loading.signal }),
        fetched(this.kinds.filter((kind) => kind !== "chorus")),
        fetched(this.kinds.filter((kind) => kind === "chorus")),
        fetchAlertsBetween(subject, from, to, MOST, loading.signal),
      ]);
      for (const event of [...events, ...choruses]) this.#add(event);
      for (const alert of alerts) this.#alerts.set(alert.id, alert);
      const oldest = choruses.length < MOST ? undefined : choruses.at(-1);
      this.from = window.from;
      this.chorusesFrom = oldest ? Date.parse(oldest.at) : window.from;
      this.state.value = [events, choruses, alerts].every(({ length }) => length < MOST) ? "complete" : "truncated";
      this.start.value = start.subjects[0];
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
      if (alert.subject === this.subject) this.#alerts.set(alert.id, alert);
    }
    for (const event of update.events ?? []) {
      if (event.subject === this.subject && this.kinds.includes(event.kind)) this.#add(event);
    }
    for (const levels of update.levels ?? []) {
      if (levels.subject !== this.subject || !this.kinds.includes("levels")) continue;
      const { subject, at, changed, verdict } = levels;
      // The stream tells levels without their id: the moment names them.
      this.#events.set(`levels ${at}`, { id: `levels ${at}`, subject, at, kind: "levels", changed, verdict });
    }
    if ((update.alerts ?? update.events ?? update.levels) && !this.#isAnnounced) {
      this.#isAnnounced = true;
      requestAnimationFrame(this.#show);
    }
  }

  stop(): void {
    clearTimeout(this.#retry);
    this.#loading?.abort();
  }

  #add(event: Event): void {
    (event.kind === "chorus" ? this.#choruses : this.#events).set(event.id, event);
  }

  #show = (): void => {
    this.#isAnnounced = false;
    const told = this.#choruses.size;
    const choruses = latest(this.#choruses, ({ at }) => at);
    if (choruses[0] && choruses.length < told) this.chorusesFrom = Date.parse(choruses[0].at);
    const events = [...latest(this.#events, ({ at }) => at), ...choruses];
    this.events.value = events.sort((a, b) => a.at.localeCompare(b.at));
    this.alerts.value = latest(this.#alerts, ({ opened_at }) => opened_at);
  };
}

/** All in the order of time; the oldest are forgotten when they are too many. */
function latest<T extends { id: string }>(all: Map<string, T>, at: (each: T) => string): T[] {
  const sorted = [...all.values()].sort((a, b) => at(a).localeCompare(at(b)));
  for (const old of sorted.splice(0, Math.max(0, sorted.length - 2 * MOST))) all.delete(old.id);
  return sorted;
}
