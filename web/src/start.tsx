import "uplot/dist/uPlot.min.css";
import "./styles/styles.css";
import { type ComponentType, render } from "preact";
import { guard } from "./access/guard";
import { LogInOver, LogInPage } from "./access/log-in";
import { access, askSession, whenIn } from "./access/session";
import { startClock } from "./clock";
import type { Kinds } from "./happenings/happenings";
import { startKeys } from "./keys/keys";
import { mountPoint } from "./mount-point";
import { Watch } from "./watch/watch";

/** A service that answers at all answers sooner: its page does not wait longer to say that it hears nothing. */
const FIRST_ANSWER_MS = 1_000;

/** Brings a page to life, when somebody has logged in where that is asked. `kinds` of events are those that it shows; `hasOverview` says that it can show all subjects. */
export async function start(
  kinds: Kinds,
  Page: ComponentType<{ watch: Watch }>,
  { hasOverview = false }: { hasOverview?: boolean } = {},
): Promise<void> {
  const watch = new Watch(kinds, hasOverview);
  startClock();
  startKeys();
  const late = new Promise((resolve) => setTimeout(resolve, FIRST_ANSWER_MS));
  await Promise.race([askSession(), late]);
  if (access.peek().kind === "out") render(<LogInPage />, mountPoint());
  await whenIn();
  watch.start();
  guard(watch.connection);
  // Preact keeps for ever what it is given first, and with it every picture since: so it is given what never changes.
  const Root = () => (
    <>
      <Page watch={watch} />
      <LogInOver />
    </>
  );
  render(<Root />, mountPoint());
}
