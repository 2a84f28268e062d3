import { batch, signal } from "@preact/signals";
import type { Alert, ServerFrame, Snapshot, Update } from "../protocol";
import { onNextFrame } from "./next-frame";
import {
  fromSnapshot,
  type SubjectState,
  unknownSubject,
  withEvent,
  withLevels,
  withMerged,
  withPresence,
  withSample,
} from "./subject-state";

/** More resolved alerts than this are forgotten, the oldest first. */
const ALERTS_KEPT = 500;

/** One moment, most often the present: every subject and every alert. What streams in is shown once for each picture the browser draws. */
export class Board {
  readonly subjects = signal<ReadonlyMap<string, SubjectState>>(new Map());
  readonly alerts = signal<ReadonlyMap<string, Alert>>(new Map());
  #subjects = new Map<string, SubjectState>();
  #alerts = new Map<string, Alert>();

  #pause: ReturnType<typeof setTimeout> | undefined;

  /** `pauseMs` says how long to wait before so many subjects are shown again. */
  constructor(private readonly pauseMs: (subjects: number) => number = () => 0) {}

  /** The subjects as of the last frame, before they are shown. */
  subjectsNow(): Iterable<SubjectState> {
    return this.#subjects.values();
  }

  /** Takes in a frame of a stream of all subjects. */
  take(frame: ServerFrame): void {
    if (frame.type === "snapshot") this.#restart(frame);
    else if (frame.type === "update") this.#update(frame);
    else return;
    this.#showSoon();
  }

  /** Forgets everything: what is told next is of another moment. */
  clear(): void {
    this.#subjects = new Map();
    this.#alerts = new Map();
  }

  /** Forgets what was measured on a subject, and its voices: what is told next is of another moment. */
  forgetDetails(subject: string): void {
    this.#change(subject, ({ chorus: _chorus, tone: _tone, ...state }) => ({ ...state, measured: {} }));
  }

  /** Takes in a frame of a stream of one subject's samples and voices: it tells nothing of levels and alerts. */
  takeDetails(frame: ServerFrame): void {
    if (frame.type === "snapshot") {
      for (const wire of frame.subjects) {
        this.#change(wire.subject, (state) => {
          const present = withPresence(state, wire);
          return wire.latest ? withSample(present, wire.latest) : present;
        });
      }
    } else if (frame.type === "update") {
      this.#update({ ...frame, levels: [], alerts: [] });
    } else {
      return;
    }
    this.#showSoon();
  }

  takeAlerts(alerts: Iterable<Alert>): void {
    for (const alert of alerts) {
      const known = this.#alerts.get(alert.id);
      // What the stream said meanwhile is newer than an answer that was asked for earlier.
      if (!known || rank(alert) > rank(known)) this.#alerts.set(alert.id, alert);
    }
    this.#forget();
    this.#showSoon();
  }

  #restart(frame: Snapshot): void {
    const states = frame.subjects.map((wire) => fromSnapshot(wire, this.#subjects.get(wire.subject)));
    this.#subjects = new Map(states.map((state) => [state.subject, state]));
    // A firing alert that is not there ended unseen: the list of past alerts tells when.
    const past = [...this.#alerts.values()].filter((alert) => alert.state === "resolved");
    this.#alerts = new Map([...past, ...frame.alerts].map((alert) => [alert.id, alert]));
  }

  #update(frame: Update): void {
    for (const merged of frame.merged ?? []) this.#change(merged.subject, (state) => withMerged(state, merged));
    for (const sample of frame.samples ?? []) this.#change(sample.subject, (state) => withSample(state, sample));
    for (const levels of frame.levels ?? []) this.#change(levels.subject, (state) => withLevels(state, levels));
    for (const event of frame.events ?? []) {
      // Who was only talked of is no subject yet.
      const isRefusal = event.kind === "experiment" && event.change === "refused";
      if (!isRefusal) this.#change(event.subject, (state) => withEvent(state, event));
    }
    for (const { alert } of frame.alerts ?? []) this.#alerts.set(alert.id, alert);
    this.#forget();
  }

  #change(subject: string, to: (state: SubjectState) => SubjectState): void {
    this.#subjects.set(subject, to(this.#subjects.get(subject) ?? unknownSubject(subject)));
  }

  #forget(): void {
    if (this.#alerts.size <= ALERTS_KEPT) return;
    const resolved = [...this.#alerts.values()].filter((alert) => alert.state === "resolved");
    resolved.sort((a, b) => (a.resolved_at ?? "").localeCompare(b.resolved_at ?? ""));
    for (const alert of resolved.slice(0, this.#alerts.size - ALERTS_KEPT)) this.#alerts.delete(alert.id);
  }

  #showSoon(): void {
    const wait = this.pauseMs(this.subjects.peek().size);
    if (wait === 0) onNextFrame(this.#show);
    else this.#pause ??= setTimeout(() => onNextFrame(this.#show), wait);
  }

  #show = (): void => {
    this.#pause = undefined;
    batch(() => {
      this.subjects.value = new Map(this.#subjects);
      this.alerts.value = new Map(this.#alerts);
    });
  };
}

/** An alert is first opened, then acknowledged, then over: it never goes back. */
function rank(alert: Alert): number {
  return (alert.state === "resolved" ? 2 : 0) + (alert.acknowledged ? 1 : 0);
}
