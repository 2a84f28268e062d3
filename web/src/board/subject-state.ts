import type { Experiment } from "../experiments/experiment";
import {
  type Chorus,
  type Event,
  type Level,
  type LevelChange,
  type Light,
  type Merged,
  type Sample,
  type Silence,
  type StateNow,
  type Subject,
  type ToneNow,
  type Verdict,
  type Vital,
  vitals,
} from "../protocol";

/** A value and when it was measured, in milliseconds since 1970. */
export type Measured = { value: number; at: number };

/** What this page knows of a subject. Never changed in place. */
export type SubjectState = {
  subject: string;
  light: Light;
  level: Level;
  verdict: Verdict;
  measured: Partial<Record<Vital, Measured>>;
  /** How it is besides its levels; each absent until it is told. */
  state?: StateNow;
  tone?: ToneNow;
  chorus?: Chorus;
  /** Those in force, in the order in which they began. */
  silences: readonly Silence[];
  /** The one that runs, or the latest of a simulated subject. */
  experiment?: Experiment;
};

export function unknownSubject(subject: string): SubjectState {
  return { subject, light: "black", level: "OK", verdict: {}, measured: {}, silences: [] };
}

/** The state that a snapshot tells, keeping values of `before` that are newer than what it says. */
export function fromSnapshot(wire: Subject, before: SubjectState | undefined): SubjectState {
  const { subject, light, level, latest, verdict = {}, silences = [], experiment } = wire;
  const begun = { ...unknownSubject(subject), light, level, verdict, silences, ...(experiment && { experiment }) };
  const state = withPresence(begun, { ...before, ...wire });
  const known = { ...state, measured: before?.measured ?? {} };
  return latest ? withSample(known, latest) : known;
}

/** What is told of its state, its tone and its voices; the rest stays as it was. */
export function withPresence(
  state: SubjectState,
  { state: phase, tone, chorus }: Pick<SubjectState, "state" | "tone" | "chorus">,
): SubjectState {
  return { ...state, ...(phase && { state: phase }), ...(tone && { tone }), ...(chorus && { chorus }) };
}

export function withEvent(state: SubjectState, event: Event): SubjectState {
  if (event.kind === "seam") return { ...state, state: { state: event.seam.to, since: event.seam.at } };
  if (event.kind === "tone") return { ...state, tone: event.tone };
  if (event.kind === "chorus") return { ...state, chorus: event.chorus };
  if (event.kind === "silence") {
    const others = state.silences.filter(({ id }) => id !== event.silence.id);
    return { ...state, silences: event.change === "created" ? [...others, event.silence] : others };
  }
  if (event.kind === "experiment") return withExperiment(state, event);
  return state;
}

type ExperimentEvent = Extract<Event, { kind: "experiment" }>;

/** One that is over is kept on a subject that is simulated: nothing real is behind what it says. */
function withExperiment(
  { experiment: _before, ...others }: SubjectState,
  { change, experiment }: ExperimentEvent,
): SubjectState {
  const stays = !experiment.ended || (experiment.simulated && change !== "released");
  return stays ? { ...others, experiment } : others;
}

export function withSample(state: SubjectState, sample: Sample): SubjectState {
  const at = Date.parse(sample.at);
  const measured = { ...state.measured };
  for (const vital of vitals) {
    const value = sample[vital];
    if (value !== undefined && at >= (measured[vital]?.at ?? 0)) measured[vital] = { value, at };
  }
  return { ...state, measured };
}

export function withMerged(state: SubjectState, merged: Merged): SubjectState {
  const sample: Sample = { subject: merged.subject, at: merged.latest.at };
  for (const vital of vitals) {
    const last = merged.latest[vital] ?? merged.vitals[vital]?.last;
    if (last !== undefined) sample[vital] = last;
  }
  return withSample(state, sample);
}

export function withLevels(state: SubjectState, change: LevelChange): SubjectState {
  return { ...state, light: change.light, level: change.level, verdict: change.verdict };
}

/** The newest value that is known of a vital: measured, or told when its level last changed. */
export function newestValue({ measured, verdict }: SubjectState, vital: Vital): number | undefined {
  const [sample, judged] = [measured[vital], verdict[vital]];
  if (!sample || !judged) return sample?.value ?? judged?.value;
  return sample.at >= Date.parse(judged.since) ? sample.value : judged.value;
}

/** Whether the engine has said anything of it yet. */
export function isJudged(state: SubjectState | undefined): boolean {
  return vitals.some((vital) => state?.verdict[vital]);
}

/** The newest measurement; nothing when there never was one. */
export function lastSeen(state: SubjectState): number | undefined {
  const times = vitals.flatMap((vital) => state.measured[vital]?.at ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Since when the light has shown what it shows; nothing when that is not known. */
export function lightSince(state: SubjectState): number | undefined {
  if (state.light === "black") return lastSeen(state);
  const present = vitals.flatMap((vital) => state.verdict[vital] ?? []).filter((verdict) => !verdict.stale);
  const times = present.filter((verdict) => verdict.level === state.level).map((verdict) => Date.parse(verdict.since));
  if (times.length === 0) return undefined;
  // Green began when the last vital became OK, red when the first one went BLOCK.
  return state.level === "OK" ? Math.max(...times) : Math.min(...times);
}

/** Samples younger than this are news, whatever the engine says or does not. */
const UNJUDGED_FOR_MS = 60_000;

/** Whether samples came that the engine has said nothing of: they may be new, or the engine is away. */
export function isUnjudged(state: SubjectState, now: number): boolean {
  const seen = lastSeen(state);
  return !isJudged(state) && seen !== undefined && now - seen < UNJUDGED_FOR_MS;
}

const urgency: Record<Light, number> = { red: 0, black: 1, yellow: 2, green: 3 };

/** Subjects with the worst first. */
export function worstFirst(states: Iterable<SubjectState>): SubjectState[] {
  const critical = (state: SubjectState) => vitals.filter((vital) => state.verdict[vital]?.priority === "P0").length;
  return [...states].sort(
    (a, b) =>
      urgency[a.light] - urgency[b.light] || critical(b) - critical(a) || a.subject.localeCompare(b.subject, "en"),
  );
}
