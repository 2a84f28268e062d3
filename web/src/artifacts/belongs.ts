import type { ArtifactsOf } from "../api";
import type { Experiment } from "../experiments/experiment";
import { around } from "../experiments/known";
import type { Moment } from "../happenings/moments";
import type { Artifact } from "./artifact";

/** A place to look for what belongs to a moment; `via` says that it is not about the moment itself. */
export type Place = { of: ArtifactsOf; via?: Experiment };

/** Where to look for the artifacts of a moment, the nearest first. */
export function placesOf({ alert, event, at }: Moment, experiments: readonly Experiment[]): Place[] {
  if (event?.kind === "artifact") return [{ of: { id: event.artifact.id } }];
  if (event?.kind === "experiment") return [{ of: { experiment: event.experiment.id } }];
  const own: Place[] = alert ? [{ of: { alert: alert.id } }] : event ? [{ of: { event: event.id } }] : [];
  const via = around(experiments, at);
  return via ? [...own, { of: { experiment: via.id }, via }] : own;
}

/** Those that are about a moment before those that only belong to it: alerts within an experiment have their own. */
export function ownFirst(artifacts: readonly Artifact[], { of }: Place): { own: Artifact[]; others: Artifact[] } {
  if (!("experiment" in of)) return { own: [...artifacts], others: [] };
  const isOwn = ({ alert }: Artifact) => alert === undefined;
  return { own: artifacts.filter(isOwn), others: artifacts.filter((each) => !isOwn(each)) };
}
