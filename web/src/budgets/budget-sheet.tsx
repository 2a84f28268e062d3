import { rate as formatRate, share, span, time } from "../language/format";
import { words } from "../language/language";
import type { Budget, Burn } from "../protocol";
import { Sheet } from "../shell/sheet";
import { BudgetBar, leftOf } from "./budget-row";
import { allowance } from "./standing";

/** Everything about the error budget of a vital. */
export function BudgetSheet({ budget, onClose }: { budget: Budget; onClose: () => void }) {
  const { budgets: text, vitals } = words.value;
  const measured = budget.good_seconds + budget.bad_seconds;
  return (
    <Sheet title={text.title(vitals[budget.vital])} onClose={onClose}>
      <p class="budget-lead">
        <b>{leftOf(budget)}</b> {text.of(share(budget.objective), span(budget.period_seconds))}
      </p>
      <BudgetBar budget={budget} />
      <dl class="event-facts">
        <dt>{text.measured}</dt>
        <dd>
          {text.measuredFor(span(measured), share(budget.measured_ratio), time(Date.parse(budget.measured_since)))}
        </dd>
        <dt>{text.unmeasured}</dt>
        <dd>{text.unmeasuredFor(span(budget.period_seconds - measured))}</dd>
        <dt>{text.allowed}</dt>
        <dd>{span(allowance(budget).seconds)}</dd>
        <dt>{text.outside}</dt>
        <dd>{span(budget.bad_seconds)}</dd>
      </dl>
      <table class="burns">
        <caption>{text.rates}</caption>
        <thead>
          <tr>
            <th scope="col">{text.windows}</th>
            <th scope="col">{text.tooFast}</th>
            <th scope="col">{text.longRate}</th>
            <th scope="col">{text.shortRate}</th>
          </tr>
        </thead>
        <tbody>
          {budget.burns.map((burn) => (
            <tr key={burn.rule} data-firing={burn.firing || undefined}>
              <th scope="row">
                {span(burn.long_seconds)} / {span(burn.short_seconds)}
                {burn.firing && <span class="burn-firing">{text.alerts}</span>}
              </th>
              <td>×{formatRate(burn.factor)}</td>
              <BurnCell burn={burn} rate={burn.long} />
              <BurnCell burn={burn} rate={burn.short} />
            </tr>
          ))}
        </tbody>
      </table>
      <p class="budget-note">{text.note}</p>
    </Sheet>
  );
}

/** A rate beside what is too fast: the stroke in the middle. */
function BurnCell({ burn, rate }: { burn: Burn; rate: number | undefined }) {
  if (rate === undefined) return <td class="burn-unknown">{words.value.budgets.tooLittle}</td>;
  const reach = Math.min(rate / (2 * burn.factor), 1);
  return (
    <td data-fast={rate > burn.factor || undefined}>
      <span class="burn-rate">×{formatRate(rate)}</span>
      <span class="burn-bar" aria-hidden="true">
        <span style={{ width: `${reach * 100}%` }} />
      </span>
    </td>
  );
}
