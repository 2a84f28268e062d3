import { useComputed } from "@preact/signals";
import { experimentsIn } from "../experiments/known";
import type { Moment } from "../happenings/moments";
import { words } from "../language/language";
import type { Watch } from "../watch/watch";
import type { Artifact } from "./artifact";
import { ArtifactView } from "./artifact-view";
import { placesOf } from "./belongs";
import { useArtifacts } from "./use-artifacts";

/** The artifact that belongs to a moment, or why there is none. */
export function Belonging({ watch, moment }: { watch: Watch; moment: Moment }) {
  const text = words.value.artifacts;
  const experiments = useComputed(() => {
    const told = experimentsIn(watch.happenings.value?.events.value ?? []);
    const present = watch.state.value?.experiment;
    return present && told.every(({ id }) => id !== present.id) ? [...told, present] : told;
  });
  // One that is kept while somebody waits for it appears by itself.
  const kept = useComputed(() => lastKept(watch)).value;
  const found = useArtifacts(placesOf(moment, experiments.value), `${kept} ${moment.alert?.state}`);
  if (found.state === "loading") return <p class="artifact-none">{text.loading}</p>;
  if (found.state === "missing") return <p class="artifact-none">{text.notTold}</p>;
  const [latest, ...earlier] = found.own;
  const others = [...earlier, ...found.others];
  return (
    <>
      {found.via && latest && <p class="artifact-none">{text.via(found.via.name)}</p>}
      {latest ? <ArtifactView artifact={latest} /> : <p class="artifact-none">{whyNone(moment)}</p>}
      {others.length > 0 && <Others artifacts={others} />}
    </>
  );
}

function lastKept(watch: Watch): string {
  return watch.happenings.value?.events.value.findLast(({ kind }) => kind === "artifact")?.id ?? "";
}

function Others({ artifacts }: { artifacts: readonly Artifact[] }) {
  return (
    <details class="artifact-others">
      <summary>{words.value.artifacts.others(artifacts.length)}</summary>
      {artifacts.map((artifact) => (
        <ArtifactView key={artifact.id} artifact={artifact} />
      ))}
    </details>
  );
}

function whyNone({ alert, event }: Moment): string {
  const { none } = words.value.artifacts;
  if (alert) return alert.priority === "P0" && alert.state === "firing" ? none.firing : none.alert;
  if (event?.kind === "experiment") return event.experiment.ended ? none.experiment : none.running;
  return none.other;
}
