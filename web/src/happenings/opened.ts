import { experimentsIn } from "../experiments/known";
import type { Watch } from "../watch/watch";
import { type Moment, momentOfAlert, momentOfExperiment } from "./moments";

/** What is opened: a moment of the window, or an alert or an experiment wherever it is told of. */
export function openedMoment(watch: Watch): Moment | undefined {
  const id = watch.opened.value;
  if (id === undefined) return undefined;
  const moment = watch.moments.value.find((each) => each.id === id);
  if (moment) return moment;
  const alert = watch.board.alerts.value.get(id);
  if (alert) return momentOfAlert(alert);
  const told = experimentsIn(watch.happenings.value?.events.value ?? []);
  const present = [...watch.board.subjects.value.values()].flatMap(({ experiment }) => experiment ?? []);
  const experiment = [...present, ...told].find((each) => each.id === id);
  return experiment && momentOfExperiment(experiment);
}
