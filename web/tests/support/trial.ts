import type { Artifact } from "../../src/artifacts/artifact";
import type { Experiment, ExperimentChange } from "../../src/experiments/experiment";
import type { Event, Subject } from "../../src/protocol";
import { judged } from "./judge";

let count = 0;

/** An experiment on `subject` that began two minutes ago and takes ten; what matters to a test it says itself. */
export function experiment(subject: string, fields: Partial<Experiment> = {}): Experiment {
  count += 1;
  return {
    id: `0-${count}.experiment`,
    name: "stagnation-to-creative",
    subject,
    simulated: "inbox",
    by: "Ann",
    from: ago(120),
    until: ago(-480),
    phase: "stimulation",
    dose: 3,
    stop: [
      { vital: "pain", above: 0.6 },
      { vital: "trust", below: 0.5 },
    ],
    ...fields,
  };
}

/** So many seconds before now. */
export const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();

/** What is told of an experiment: the whole of it after the change. */
export function told(change: ExperimentChange, of: Experiment, at = new Date().toISOString()): Event<"experiment"> {
  count += 1;
  return { id: `${of.id}.${change}-${count}`, subject: of.subject, at, kind: "experiment", change, experiment: of };
}

/** The experiment is over, in its words. */
export function over(of: Experiment, outcome: "passed" | "limit" | "stopped" | "refused", at = ago(0)): Experiment {
  const reason = {
    en: "Pain 0.63 above 0.60",
    ru: "Боль 0,63 выше 0,60",
  };
  return { ...of, dose: 0, ended: { at, outcome, reason } };
}

/** A subject upon which `of` is tried. */
export function tried(of: Experiment, sample = {}): Subject {
  const measured = { subject: of.subject, at: ago(1), clarity: 0.8, chaos: 0.45, trust: 0.8, pain: 0.3, ...sample };
  return { ...judged(measured, ago(60)), experiment: of };
}

/** What is kept of a critical alert, as Iskra does it, or of something else. */
export function artifact(subject: string, about: Partial<Artifact>, record: unknown = postMortem()): Event<"artifact"> {
  count += 1;
  const id = `0-${count}.artifact`;
  const kept: Artifact = { id, subject, at: ago(0), status: "WARN", by: "iskra", record, ...about };
  return { id, subject, at: kept.at, kind: "artifact", artifact: kept };
}

function postMortem() {
  return {
    delta: {
      clarity: { from: 0.61, to: 0.79, change: 0.18 },
      chaos: { from: 0.72, to: 0.46, change: -0.26 },
      trust: { from: 0.44, to: 0.8, change: 0.36 },
      pain: { from: 0.74, to: 0.31, change: -0.43 },
    },
    dimension: { complexity_measure: "moderate", alerts: 3, voices: ["iskriv", "anhantra"] },
    omega: { completeness: 0.62, manual_review_required: true, structural_integrity: "stable", samples: 84 },
    lambda: {
      status: "WARN",
      next_step: {
        en: "Find what raised the pain, and undo the latest change.",
        ru: "Найдите, что подняло боль, и откатите последнее изменение.",
      },
    },
    sift: {
      source: ["log 0-812 … 0-1094"],
      inference: { en: "Pain above 0.70 held for 2 min.", ru: "Боль выше 0,70 держалась 2 мин." },
      fact: [
        { en: "Pain was 0.74 when the alert opened.", ru: "Боль была 0,74, когда тревога сработала." },
        { en: "Somebody had it after 40 s.", ru: "Тревогу приняли через 40 с." },
      ],
      trace: Array.from({ length: 12 }, (_, i) => `0-${900 + 7 * i}.pain_P0_high.${i ? "notified" : "opened"}`),
    },
    auto_generated: true,
  };
}
