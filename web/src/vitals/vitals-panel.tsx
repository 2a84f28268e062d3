import { useBudgets } from "../budgets/use-budgets";
import { ranges } from "../history/ranges";
import { span } from "../language/format";
import { words } from "../language/language";
import { vitals } from "../protocol";
import type { Watch } from "../watch/watch";
import { VitalTile } from "./vital-tile";

/** The four vitals of the chosen subject. */
export function VitalsPanel({ watch }: { watch: Watch }) {
  const budgets = useBudgets(watch);
  return (
    <section class="vitals">
      <div class="vitals-grid">
        {vitals.map((vital) => (
          <VitalTile key={vital} watch={watch} vital={vital} state={watch.state.value} budgets={budgets} />
        ))}
      </div>
      <Footer watch={watch} />
    </section>
  );
}

/** The period of the charts. */
export function RangeChoice({ watch }: { watch: Watch }) {
  return (
    <div class="choice" role="group" aria-label={words.value.chart.range}>
      {ranges.map((range) => (
        <button
          type="button"
          key={range.name}
          aria-pressed={watch.timeline.range.value === range}
          onClick={() => watch.timeline.chooseRange(range)}
        >
          {words.value.ranges[range.name]}
        </button>
      ))}
    </div>
  );
}

/** What the colours mean, and whether the past is all there. */
function Footer({ watch }: { watch: Watch }) {
  const { chart, zones } = words.value;
  const past = watch.past.value;
  return (
    <footer class="vitals-foot">
      <ul class="legend" aria-label={chart.legend}>
        {(["ok", "warn", "block", "critical", "optimum", "target"] as const).map((kind) => (
          <li key={kind}>
            <span class="legend-mark" data-zone={kind} aria-hidden="true" />
            {zones[kind]}
          </li>
        ))}
      </ul>
      {past?.state.value === "missing" ? (
        <span class="history-missing" role="status">
          {chart.missing}{" "}
          <button type="button" onClick={() => void past.load()}>
            {chart.retry}
          </button>
        </span>
      ) : (
        <span class="history-state">
          {past?.state.value === "loading" ? chart.loading : chart.bucket(span(watch.timeline.range.value.step))}
        </span>
      )}
    </footer>
  );
}
