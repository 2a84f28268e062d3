import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { now } from "../clock";
import type { PageName } from "../shell/page-url";
import type { Watch } from "../watch/watch";
import type { Experiment } from "./experiment";
import { experimentsIn, toTell } from "./known";
import { ExperimentStrip } from "./strip";

/** What runs, or has just ended, at the shown moment: of the chosen subject, or of all. */
export function ExperimentStrips({ watch, page }: { watch: Watch; page: PageName }) {
  return useTold(watch).map((experiment) => (
    <ExperimentStrip key={experiment.id} experiment={experiment} watch={watch} page={page} />
  ));
}

/** The same list for as long as nothing of it changes: while a replay plays, boards change with every picture. */
function useTold(watch: Watch): readonly Experiment[] {
  const before = useRef<readonly Experiment[]>([]);
  const told = useComputed(() => {
    const found = watch.subject.value === undefined ? ofAll(watch) : ofOne(watch);
    const isSame = found.length === before.current.length && found.every((each, i) => each === before.current[i]);
    if (!isSame) before.current = found;
    return before.current;
  });
  return told.value;
}

function ofOne(watch: Watch): Experiment[] {
  const at = now.value;
  const events = watch.happenings.value?.events.value ?? [];
  // What came after the shown moment does not count yet. While live nothing did: the clock goes by seconds.
  const known = experimentsIn(events, watch.timeline.mode.value === "live" ? undefined : at);
  return [toTell(watch.state.value, known, at) ?? []].flat();
}

function ofAll(watch: Watch): Experiment[] {
  return [...watch.board.subjects.value.values()].flatMap((state) => toTell(state, [], now.value) ?? []);
}
