import type { SubjectState } from "../board/subject-state";
import type { Event } from "../protocol";
import type { Window } from "../time/timeline";
import type { Experiment } from "./experiment";

/** How it ended is told for so long after its end. */
const TOLD_MS = 15 * 60_000;

/** When it began and, once it is over, when it ended, in milliseconds since 1970. */
export const began = ({ from }: Experiment) => Date.parse(from);
export const endedAt = ({ ended }: Experiment) => (ended ? Date.parse(ended.at) : undefined);

/** Each experiment that events tell of, as it was last told by `at`, in the order of their beginnings. */
export function experimentsIn(events: readonly Event[], at = Number.POSITIVE_INFINITY): Experiment[] {
  const latest = new Map<string, Experiment>();
  for (const event of events) {
    if (event.kind === "experiment" && Date.parse(event.at) <= at) latest.set(event.experiment.id, event.experiment);
  }
  return [...latest.values()].sort((a, b) => began(a) - began(b));
}

/** What is to be told of a subject: the experiment that runs, else how the latest ended if it did so shortly before `at`. */
export function toTell(
  state: SubjectState | undefined,
  experiments: readonly Experiment[],
  at: number,
): Experiment | undefined {
  const present = state?.experiment;
  if (present && !present.ended) return present;
  const over = [...(present ? [present] : []), ...experiments].flatMap((experiment) => {
    const end = endedAt(experiment);
    return end !== undefined && at - end < TOLD_MS ? [{ experiment, end }] : [];
  });
  return over.sort((a, b) => b.end - a.end)[0]?.experiment;
}

/** The experiment within which a moment lies; the one that began last, should there be several. */
export function around(experiments: readonly Experiment[], at: number): Experiment | undefined {
  return experiments.findLast(
    (each) =>
      each.ended?.outcome !== "refused" && began(each) <= at && at <= (endedAt(each) ?? Number.POSITIVE_INFINITY),
  );
}

/** A stretch of time in which an experiment ran. */
export type Stretch = { id: string; name: string; from: number; to: number };

/** When experiments ran within a window; one that still runs has come as far as `until`. */
export function stretches(experiments: readonly Experiment[], window: Window, until: number): Stretch[] {
  return experiments.flatMap((each) => {
    if (each.ended?.outcome === "refused") return [];
    const from = Math.max(began(each), window.from);
    const to = Math.min(endedAt(each) ?? until, until, window.to);
    return to > from ? [{ id: each.id, name: each.name, from, to }] : [];
  });
}
