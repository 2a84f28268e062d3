import type { Experiment } from "../experiments/experiment";
import { inLanguage, words } from "../language/language";
import type { Alert, Event, Priority } from "../protocol";
import { nameOf, voiceName } from "../rules/rules";

/** Something that happened, as the time bar and the lists show it. */
export type Moment = {
  id: string;
  /** By when it had happened, in milliseconds since 1970. */
  at: number;
  kind: "alert" | Shown["kind"];
  priority?: Priority;
  title: string;
  event?: Shown;
  alert?: Alert;
};

/** Kinds that tell of one moment. The others are states that last, or too many to be told one by one. */
export const momentous = [
  "seam",
  "voice",
  "action",
  "symbol",
  "tone",
  "conflict",
  "signal",
  "bifurcation",
  "experiment",
  "artifact",
] as const;
export type Shown = Event<(typeof momentous)[number]>;

/** What happened, in the order of time: each alert when it opened, each event. */
export function moments(events: readonly Event[], alerts: readonly Alert[]): Moment[] {
  const all: Moment[] = alerts.map(momentOfAlert);
  for (const event of events) if (isMomentous(event)) all.push(momentOfEvent(event));
  return all.sort((a, b) => a.at - b.at);
}

export function momentOfAlert(alert: Alert): Moment {
  const { id, opened_at, priority, summary } = alert;
  return { id, at: happenedBy(opened_at), kind: "alert", priority, title: inLanguage(summary), alert };
}

export function momentOfEvent(event: Shown): Moment {
  return { id: event.id, at: happenedBy(event.at), kind: event.kind, title: titleOf(event), event };
}

/** An experiment as a whole, under its own id: as it began, or once it is over as it ended. */
export function momentOfExperiment(experiment: Experiment): Moment {
  const { id, subject, from, ended } = experiment;
  const change = !ended ? "begun" : ended.outcome === "refused" ? "refused" : "ended";
  const moment = momentOfEvent({ id, subject, at: ended?.at ?? from, kind: "experiment", change, experiment });
  return { ...moment, title: words.value.experiments.label(experiment.name) };
}

/** The service counts in microseconds: who goes to this very millisecond would still be before it. */
export function happenedBy(time: string): number {
  return Date.parse(time) + 1;
}

function isMomentous(event: Event): event is Shown {
  return (momentous as readonly string[]).includes(event.kind);
}

/** What happened, in a few words. */
export function titleOf(event: Shown): string {
  const { happenings: text } = words.value;
  const state = (id: string) => nameOf("states", id);
  switch (event.kind) {
    case "seam":
      return text.seam(state(event.seam.from), state(event.seam.to));
    case "voice":
      return event.stood_down
        ? text.stoodDown(voiceName(event.voice), text.endings[event.stood_down])
        : text.activated(voiceName(event.voice));
    case "action":
      return text.action(nameOf("actions", event.action.action));
    case "symbol":
      return text.symbol(event.glyph, voiceName(event.voice));
    case "tone":
      return text.tone(nameOf("tones", event.tone.tone));
    case "conflict": {
      const [one, other] = event.conflict.between.map(voiceName) as [string, string];
      return event.over ? text.conflictOver(one, other) : text.conflict(one, other);
    }
    case "signal":
      return text.signal(event.signal, event.value);
    case "bifurcation":
      return text.bifurcation(event.states.map(state).join(", "));
    case "experiment":
      return words.value.experiments.moment(event.experiment.name, changeOf(event));
    case "artifact":
      return words.value.artifacts.moment(words.value.levels[event.artifact.status]);
  }
}

/** What happened to an experiment, without its name. */
export function changeOf({ change, experiment }: Event<"experiment">): string {
  const { changes, steered } = words.value.experiments;
  const outcome = experiment.ended?.outcome;
  if (change === "steered") return steered(experiment.phase ?? "", experiment.dose);
  if (change === "ended" && (outcome === "passed" || outcome === "failed")) return changes[outcome];
  return changes[change];
}

/** Why, in words and numbers; nothing for what explains itself. */
export function reasonOf(event: Shown): string | undefined {
  switch (event.kind) {
    case "seam":
      return event.seam.triggers.map(inLanguage).join("; ") || undefined;
    case "voice":
      return inLanguage(event.activation.reason);
    case "action":
      return inLanguage(event.action.reason);
    case "bifurcation":
    case "artifact":
      return undefined;
    case "experiment":
      return reasonOfExperiment(event);
    default:
      return inLanguage(event.reason);
  }
}

function reasonOfExperiment({ experiment }: Event<"experiment">): string | undefined {
  const { ended, paused } = experiment;
  const { experiments: text } = words.value;
  if (ended) return [text.outcomes[ended.outcome], inLanguage(ended.reason)].filter(Boolean).join(" ");
  return paused === undefined ? undefined : text.paused(nameOf("actions", paused));
}
