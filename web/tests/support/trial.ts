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
    timestamp: ago(0),
    auto_generated: true,
    delta: {
      clarity: { from: 0.61, to: 0.79, change: 0.18 },
      chaos: { from: 0.72, to: 0.46, change: -0.26 },
      trust: { from: 0.44, to: 0.8, change: 0.36 },
      pain: { from: 0.74, to: 0.31, change: -0.43 },
      lasted_seconds: 96.5,
    },
    dimension: { events: 14, steps_of_the_chain: 2, lapsed_acknowledgements: 0 },
    omega: { coverage_density: 0.75, manual_review_required: true },
    lambda: {
      status: "WARN",
      next_step: {
        en: "Find what raised the pain, and undo the latest change.",
        ru: "Найдите, что подняло боль, и откатите последнее изменение.",
      },
    },
    sift: {
      source: { subject: "agent-7", log: ["0-812", "0-1094"], rules: "8070cf69c1749e81" },
      inference: { en: "Pain above 0.70 held for 2 min.", ru: "Боль выше 0,70 держалась 2 мин." },
      fact: {
        summary: { en: "Pain was 0.74: critical from 0.70", ru: "Боль была 0,74: критично от 0,70" },
        value: 0.74,
        threshold: 0.7,
        opened_at: ago(120),
        acknowledged_by: "Ann",
        told_at: null,
      },
      trace: Array.from({ length: 12 }, (_, i) => ({
        at: ago(120 - 9 * i),
        event: `0-${900 + 7 * i}.pain_P0_high`,
        what: i === 0 ? "alert opened" : "alert escalated",
      })),
      not_traced: 0,
    },
  };
}
