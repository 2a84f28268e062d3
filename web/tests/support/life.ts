import type { Event, HistoryPoint, Sample, SeamKind, Subject, Text, Vital, Voice } from "../../src/protocol";
import { vitals } from "../../src/protocol";
import type { FakeService } from "./fake-service";
import { judged } from "./judge";

type Phase = { state: string; kind: SeamKind; seconds: number; scores: [number, number, number, number]; why: Text };

/** What an agent goes through, the latest first, and then all over again. */
const phases: Phase[] = [
  {
    state: "CREATIVE_TENSION",
    kind: "insight",
    seconds: 70,
    scores: [0.77, 0.46, 0.79, 0.33],
    why: { en: "Chaos 0.46 between 0.40 and 0.60", ru: "Хаос 0,46 между 0,40 и 0,60" },
  },
  {
    state: "BALANCED",
    kind: "bridge",
    seconds: 60,
    scores: [0.74, 0.36, 0.74, 0.36],
    why: { en: "All vitals are OK", ru: "Все показатели в норме" },
  },
  {
    state: "UNKNOWN",
    kind: "reset",
    seconds: 45,
    scores: [0.68, 0.52, 0.62, 0.5],
    why: { en: "Pain 0.50 below 0.60", ru: "Боль 0,50 ниже 0,60" },
  },
  {
    state: "CRISIS_MODE",
    kind: "conflict",
    seconds: 50,
    scores: [0.48, 0.7, 0.42, 0.74],
    why: { en: "Pain 0.74 above 0.60 and trust 0.42 below 0.50", ru: "Боль 0,74 выше 0,60 и доверие 0,42 ниже 0,50" },
  },
  {
    state: "CHAOTIC_CREATION",
    kind: "chaos",
    seconds: 70,
    scores: [0.42, 0.82, 0.58, 0.48],
    why: {
      en: "Chaos 0.82 above 0.70 and clarity 0.42 below 0.60",
      ru: "Хаос 0,82 выше 0,70 и ясность 0,42 ниже 0,60",
    },
  },
  {
    state: "CRYSTALLIZATION",
    kind: "pause",
    seconds: 90,
    scores: [0.9, 0.13, 0.72, 0.24],
    why: {
      en: "Chaos 0.13 below 0.20 and clarity 0.90 above 0.80",
      ru: "Хаос 0,13 ниже 0,20 и ясность 0,90 выше 0,80",
    },
  },
  {
    state: "HARMONIOUS_FLOW",
    kind: "bridge",
    seconds: 80,
    scores: [0.8, 0.35, 0.87, 0.22],
    why: { en: "Trust 0.87 above 0.80 and pain 0.22 below 0.30", ru: "Доверие 0,87 выше 0,80 и боль 0,22 ниже 0,30" },
  },
  {
    state: "CREATIVE_INTEGRATION",
    kind: "weave",
    seconds: 75,
    scores: [0.83, 0.52, 0.85, 0.32],
    why: { en: "Trust 0.85 above 0.80 and pain 0.32 below 0.40", ru: "Доверие 0,85 выше 0,80 и боль 0,32 ниже 0,40" },
  },
];
const cycle = phases.reduce((sum, { seconds }) => sum + seconds, 0);
const phase = (index: number) => phases[index % phases.length] as Phase;

/** Gives the service a subject with a past full of seams, the same in every run. */
export function lively(service: FakeService, subject: string, end = new Date()): void {
  const age = (at: Date) => (end.getTime() - at.getTime()) / 1_000;
  service.history = (from, to, step) => history(from, to, step, age);
  service.events.push(...seams(subject, end));
  const state = (at: Date): Subject => {
    const [index, since] = phaseAt(Math.max(0, age(at)));
    const started = new Date(end.getTime() - since * 1_000).toISOString();
    return { ...judged(sampleAt(subject, at, age(at))), state: { state: phase(index).state, since: started } };
  };
  service.subjects.set(subject, state(end));
  service.past = (from) => ({ start: { subjects: [state(from)], alerts: [] }, updates: [] });
}

/** Which phase was so many seconds before the end, and how long before the end it began. */
function phaseAt(age: number): [index: number, began: number] {
  let [index, began] = [0, phase(0).seconds];
  while (began < age) {
    index += 1;
    began += phase(index).seconds;
  }
  return [index, began];
}

function sampleAt(subject: string, at: Date, age: number): Sample {
  const [index, began] = phaseAt(Math.max(0, age));
  const passed = began - Math.max(0, age);
  // A third of a phase goes by on the way to it.
  const share = Math.min(1, passed / (phase(index).seconds / 3));
  const eased = share * share * (3 - 2 * share);
  const sample: Sample = { subject, at: at.toISOString() };
  vitals.forEach((vital: Vital, i) => {
    const [from, to] = [phase(index + 1).scores[i] as number, phase(index).scores[i] as number];
    const wave = 0.018 * Math.sin(age / (3 + i) + i) + 0.01 * Math.sin(age * (1.3 + i / 3));
    sample[vital] = Math.round(1_000 * Math.min(1, Math.max(0, from + (to - from) * eased + wave))) / 1_000;
  });
  return sample;
}

function history(from: Date, to: Date, step: number, age: (at: Date) => number): HistoryPoint[] {
  const points: HistoryPoint[] = [];
  for (let at = Math.ceil(from.getTime() / 1_000 / step) * step; at < to.getTime() / 1_000; at += step) {
    const moment = new Date(at * 1_000);
    if (age(moment) < 0) break;
    const sample = sampleAt("", moment, age(moment));
    const bucket = (vital: Vital) => {
      const score = sample[vital] as number;
      return { last: score, avg: score, min: score, max: score, count: step };
    };
    points.push({ at: moment.toISOString(), ...Object.fromEntries(vitals.map((vital) => [vital, bucket(vital)])) });
  }
  return points;
}

/** Every seam of three cycles, and a bifurcation before each second one. */
function seams(subject: string, end: Date): Event[] {
  const events: Event[] = [];
  let began = 0;
  for (let index = 0; began < 3 * cycle; index += 1) {
    began += phase(index).seconds;
    const at = new Date(end.getTime() - began * 1_000);
    const [from, to] = [phase(index + 1), phase(index)];
    const [before, after] = [from, to].map(({ scores }) =>
      Object.fromEntries(vitals.map((vital, i) => [vital, scores[i]])),
    ) as [object, object];
    const intensity = Math.hypot(...to.scores.map((score, i) => score - (from.scores[i] as number))) / 2;
    const drawn = new Date(at.getTime() + 5_000).toISOString();
    const choir: Voice[] = index % 3 === 0 ? [] : index % 3 === 1 ? ["pino"] : ["kayn", "sam"];
    const seam = {
      id: `${index}.seam`,
      from: from.state,
      to: to.state,
      kind: to.kind,
      at: at.toISOString(),
      took: 5 + (index % 4),
      before,
      after,
      intensity,
      strong: intensity >= 0.1,
      velocity: intensity / 5,
      confidence: 1 - (index % 3) * 0.06,
      triggers: [to.why],
      voices_before: choir,
      voices_after: [...choir, "iskra" as const],
    };
    events.push({ id: `${index}.seam`, subject, at: drawn, kind: "seam", seam });
    if (index % 2 === 0) {
      const states = [to.state, "HARMONIOUS_FLOW"];
      const fork = new Date(at.getTime() - 8_000).toISOString();
      events.push({ id: `${index}.bifurcation`, subject, at: fork, kind: "bifurcation", states, vitals: before });
    }
  }
  return events.reverse();
}
