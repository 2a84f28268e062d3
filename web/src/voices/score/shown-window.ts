import { present } from "../../clock";
import type { Window } from "../../time/timeline";
import type { Watch } from "../../watch/watch";

/** What the lanes show at this moment; the present moves. */
export function shownWindow(watch: Watch): Window {
  const past = watch.timeline.past.value;
  if (past) return past;
  const to = present.value;
  return { from: to - watch.timeline.range.value.seconds * 1_000, to };
}
