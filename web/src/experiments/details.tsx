import { changeOf } from "../happenings/moments";
import { edge, time } from "../language/format";
import { words } from "../language/language";
import type { Watch } from "../watch/watch";
import type { Experiment } from "./experiment";

/** What stops an experiment at once, and all that happened to it within the window. */
export function ExperimentDetails({ experiment, watch }: { experiment: Experiment; watch: Watch }) {
  const text = words.value.experiments;
  const events = watch.happenings.value?.events.value ?? [];
  const course = events
    .filter((event) => event.kind === "experiment")
    .filter((each) => each.experiment.id === experiment.id);
  const limits = limitsOf(experiment);
  return (
    <>
      <p>{text.by(experiment.by, time(Date.parse(experiment.from)))}</p>
      {limits && (
        <p>
          <b>{text.limits}:</b> {limits}
        </p>
      )}
      {course.length > 0 && (
        <>
          <h3>{text.course}</h3>
          <ol class="course">
            {course.map((event) => (
              <li key={event.id}>
                <time dateTime={event.at}>{time(Date.parse(event.at))}</time> {changeOf(event)}
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

function limitsOf({ stop = [] }: Experiment): string {
  const { vitals, experiments: text } = words.value;
  return stop
    .flatMap(({ vital, above, below }) => [
      ...(above === undefined ? [] : [text.above(vitals[vital], edge(above))]),
      ...(below === undefined ? [] : [text.below(vitals[vital], edge(below))]),
    ])
    .join(", ");
}
