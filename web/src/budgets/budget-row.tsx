import { useSignal } from "@preact/signals";
import { rate as formatRate, share, span } from "../language/format";
import { words } from "../language/language";
import type { Polled } from "../polled";
import type { Budget, Vital } from "../protocol";
import { BudgetSheet } from "./budget-sheet";
import { allowance, lookOf, tellingBurn } from "./standing";

type Props = { vital: Vital; budgets: Polled<Budget[]>; isPresent: boolean };

/** What is left of the error budget of a vital, and how fast it burns. Pressed, it tells the rest. */
export function BudgetRow({ vital, budgets, isPresent }: Props) {
  const text = words.value.budgets;
  const isOpen = useSignal(false);
  const budget = budgets.state === "known" ? budgets.answer.find((each) => each.vital === vital) : undefined;
  if (!isPresent || !budget) {
    const why = !isPresent ? text.presentOnly : budgets.state === "missing" ? text.missing : text.none;
    return <p class="budget budget-none">{budgets.state === "loading" && isPresent ? text.loading : why}</p>;
  }
  return (
    <>
      <button
        type="button"
        class="budget"
        data-look={lookOf(budget)}
        title={text.of(share(budget.objective), span(budget.period_seconds))}
        onClick={() => {
          isOpen.value = true;
        }}
      >
        <span class="budget-name">{text.name}</span>
        <BudgetBar budget={budget} />
        <span class="budget-left">{leftOf(budget)}</span>
        <Burning budget={budget} />
      </button>
      {isOpen.value && (
        <BudgetSheet
          budget={budget}
          onClose={() => {
            isOpen.value = false;
          }}
        />
      )}
    </>
  );
}

/** What is left, and below it how much of the period was measured at all. */
export function BudgetBar({ budget }: { budget: Budget }) {
  return (
    <span class="budget-bar" aria-hidden="true">
      <span class="budget-remaining" style={{ width: percent(budget.remaining_ratio) }} />
      <span class="budget-measured" style={{ width: percent(budget.measured_ratio) }} />
    </span>
  );
}

/** What is left in words: a share; when it is overdrawn by how much time, for a share of a little says nothing. */
export function leftOf(budget: Budget): string {
  const text = words.value.budgets;
  return budget.remaining_ratio >= 0
    ? text.left(share(budget.remaining_ratio))
    : text.overdrawn(span(-allowance(budget).left));
}

function Burning({ budget }: { budget: Budget }) {
  const text = words.value.budgets;
  const telling = tellingBurn(budget);
  if (telling?.rate === undefined) return <span class="budget-burn">{text.burnUnknown}</span>;
  const { burn, rate } = telling;
  return (
    <span class="budget-burn" data-firing={burn.firing || undefined} title={text.over(span(burn.short_seconds))}>
      {rate === 0 ? text.burnsNot : text.burns(formatRate(rate))}
    </span>
  );
}

const percent = (ratio: number) => `${Math.min(Math.max(ratio, 0), 1) * 100}%`;
