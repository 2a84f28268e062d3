import type { Experiment } from "../experiments/experiment";
import { began, endedAt } from "../experiments/known";
import type { Alert, Event, Light } from "../protocol";

/** What a newcomer is shown, one after the other. */
export const steps = ["begins", "stirred", "worsens", "paged", "recovers", "over"] as const;
export type Step = (typeof steps)[number];

/** The most urgent alert of the experiment: one that fires, else the latest. */
export function pageOf(experiment: Experiment, alerts: Iterable<Alert>): Alert | undefined {
  const end = endedAt(experiment) ?? Number.POSITIVE_INFINITY;
  const critical = [...alerts].filter(
    ({ subject, priority, opened_at }) =>
      subject === experiment.subject &&
      priority === "P0" &&
      Date.parse(opened_at) >= began(experiment) &&
      Date.parse(opened_at) <= end,
  );
  critical.sort((a, b) => b.opened_at.localeCompare(a.opened_at));
  return critical.find(({ state }) => state === "firing") ?? critical[0];
}

/** Whether chaos was injected, as events tell until `at`. */
export function wasStirred({ id }: Experiment, events: readonly Event[], at: number): boolean {
  return events.some(
    (event) =>
      event.kind === "experiment" &&
      event.experiment.id === id &&
      event.experiment.dose > 0 &&
      Date.parse(event.at) <= at,
  );
}

/** How far it has come, by what is seen and not by how its phases are called. */
export function stepOf(experiment: Experiment, light: Light, page: Alert | undefined, isStirred: boolean): Step {
  if (page?.state === "firing") return "paged";
  if (experiment.ended) return "over";
  if (page) return "recovers";
  if (light === "yellow" || light === "red") return "worsens";
  return isStirred || experiment.dose > 0 ? "stirred" : "begins";
}
