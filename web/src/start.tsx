import "uplot/dist/uPlot.min.css";
import "./styles/styles.css";
import { type ComponentType, render } from "preact";
import { startClock } from "./clock";
import type { Kinds } from "./happenings/happenings";
import { startKeys } from "./keys/keys";
import { mountPoint } from "./mount-point";
import { Watch } from "./watch/watch";

/** Brings a page to life. `kinds` of events are those that it shows; `hasOverview` says that it can show all subjects. */
export function start(
  kinds: Kinds,
  Page: ComponentType<{ watch: Watch }>,
  { hasOverview = false }: { hasOverview?: boolean } = {},
): void {
  const watch = new Watch(kinds, hasOverview);
  startClock();
  startKeys();
  watch.start();
  render(<Page watch={watch} />, mountPoint());
}
