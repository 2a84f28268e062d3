import { computed, effect, signal, untracked } from "@preact/signals";
import { fetchAlerts, fetchConfig } from "../api";
import { Board } from "../board/board";
import { onNextFrame } from "../board/next-frame";
import { worstFirst } from "../board/subject-state";
import { Past } from "../history/past";
import { type Range, ranges } from "../history/ranges";
import { recall, remember } from "../preferences";
import { type Config, type ServerFrame, vitals } from "../protocol";
import { Connection, streamUrl } from "../stream/connection";
import type { Stream } from "../stream/stream";

const ALERTS_LISTED = 100;
const RETRY_MS = 5_000;

/** Everything that the Pulse page shows, and what can be done on it. */
export class Watch {
  readonly board = new Board();
  readonly connection = new Connection();
  readonly config = signal<Config | undefined>(undefined);
  /** Whose vitals are shown; nothing until there is a subject. */
  readonly subject = signal<string | undefined>(subjectInAddress());
  readonly range = signal<Range>(rangeToBegin());
  readonly past = signal<Past | undefined>(undefined);
  /** The instant that is marked on all charts, in seconds since 1970. */
  readonly instant = signal<number | undefined>(instantInAddress());
  /** Whether the service has said what subjects there are. */
  readonly isKnown = signal(false);

  readonly state = computed(() => this.board.subjects.value.get(this.subject.value ?? ""));

  /** The samples of the chosen subject. A stream of their own: levels and alerts are wanted of all subjects. */
  #samples: Stream | undefined;

  start(): void {
    this.connection.add(streamUrl(), { channels: ["levels", "alerts"] }, (frame) => this.#takeBoard(frame));
    effect(() => {
      const subject = this.subject.value;
      untracked(() => this.#follow(subject));
    });
    addEventListener("popstate", () => {
      this.subject.value = subjectInAddress() ?? this.subject.value;
    });
  }

  chooseSubject(subject: string): void {
    if (subject === this.subject.value) return;
    this.instant.value = undefined;
    history.pushState(null, "", `?subject=${encodeURIComponent(subject)}`);
    this.subject.value = subject;
  }

  chooseRange(range: Range): void {
    this.range.value = range;
    remember("range", range.name);
    if (this.past.value) this.#renewPast(this.past.value.subject).load();
  }

  #takeBoard(frame: ServerFrame): void {
    this.board.take(frame);
    if (frame.type === "snapshot") {
      this.isKnown.value = true;
      void this.#load();
    }
    // Nobody was chosen: the worst of those that are there, now or as soon as there is one.
    this.subject.value ??= worstFirst(this.board.subjectsNow())[0]?.subject;
  }

  /** What the stream does not tell: the rules in force, and the alerts that are over. */
  async #load(): Promise<void> {
    try {
      const [config, alerts] = await Promise.all([fetchConfig(), fetchAlerts(ALERTS_LISTED)]);
      this.config.value = config;
      this.board.takeAlerts(alerts);
    } catch {
      setTimeout(() => void this.#load(), RETRY_MS);
    }
  }

  #follow(subject: string | undefined): void {
    if (subject === undefined) return;
    this.#renewPast(subject);
    const interest = { channels: [...vitals], subjects: [subject] };
    if (this.#samples) this.#samples.setInterest(interest);
    else this.#samples = this.connection.add(streamUrl(), interest, (frame) => this.#takeSamples(frame));
  }

  #takeSamples(frame: ServerFrame): void {
    this.board.takeSamples(frame);
    const past = this.past.peek();
    if (!past) return;
    // From the snapshot on nothing is missed, so that what is loaded now and what streams in leave no gap.
    if (frame.type === "snapshot") past.begin();
    if (frame.type !== "update") return;
    for (const sample of frame.samples ?? []) if (sample.subject === past.subject) past.addSample(sample);
    for (const merged of frame.merged ?? []) if (merged.subject === past.subject) past.addMerged(merged);
    onNextFrame(past.show);
  }

  #renewPast(subject: string): Past {
    this.past.peek()?.stop();
    const past = new Past(subject, this.range.peek());
    this.past.value = past;
    return past;
  }
}

/** The moment that a link from an alert points at. */
function instantInAddress(): number | undefined {
  const at = Date.parse(new URLSearchParams(location.search).get("at") ?? "");
  return Number.isNaN(at) ? undefined : at / 1_000;
}

/** The shortest range that shows the moment of the address; else the one chosen last. */
function rangeToBegin(): Range {
  const instant = instantInAddress();
  const remembered = ranges.find((range) => range.name === recall("range")) ?? ranges[1];
  if (instant === undefined) return remembered;
  return (
    ranges.find((range) => Date.now() / 1_000 - instant < 0.9 * range.seconds) ??
    ranges[ranges.length - 1] ??
    remembered
  );
}

function subjectInAddress(): string | undefined {
  return new URLSearchParams(location.search).get("subject") || undefined;
}
