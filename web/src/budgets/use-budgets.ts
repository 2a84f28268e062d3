import { fetchBudgets } from "../api";
import { isJudged } from "../board/subject-state";
import { type Polled, usePolled } from "../polled";
import type { Budget } from "../protocol";
import type { Watch } from "../watch/watch";
import { isOfBudget } from "./standing";

const EVERY_MS = 10_000;

/** How the objectives of the chosen subject stand: of the present alone, for nobody keeps how they stood. */
export function useBudgets(watch: Watch): Polled<Budget[]> {
  const isLive = watch.timeline.mode.value === "live" && !watch.isFrozen.value;
  const subject = watch.subject.value;
  // An alert on a budget that opens or ends is news of the budget.
  const burning = [...watch.board.alerts.value.values()].filter(
    (alert) => alert.subject === subject && alert.state === "firing" && isOfBudget(alert),
  );
  // Of whom the engine has said nothing yet the service knows nothing, either.
  const isAsked = isLive && isJudged(watch.state.value);
  return usePolled(subject, isAsked, burning.map(({ id }) => id).join(), EVERY_MS, fetchBudgets);
}
