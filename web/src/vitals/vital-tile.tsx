import { useRef } from "preact/hooks";
import { bandOf, edgeBeyond } from "../bands/zones";
import type { Measured, SubjectState } from "../board/subject-state";
import { BudgetRow } from "../budgets/budget-row";
import { now } from "../clock";
import { score, span, time } from "../language/format";
import { words } from "../language/language";
import type { Polled } from "../polled";
import { PreviewButton } from "../preview/preview-sheet";
import type { Budget, Edge, Vital, VitalVerdict } from "../protocol";
import { Age } from "../shell/age";
import { VitalSign } from "../shell/icons";
import { LevelBadge } from "../shell/level-badge";
import type { Watch } from "../watch/watch";
import { BandLine, BandRuler } from "./band-ruler";
import { HistoryChart, markedReading } from "./history-chart";

/** The engine judges within milliseconds; after this long something is wrong with it. */
const JUDGED_WITHIN_MS = 5_000;
const urgency = { P0: 3, P1: 2, P2: 1 };

type Props = { watch: Watch; vital: Vital; state: SubjectState | undefined; budgets: Polled<Budget[]> };

/** One vital: its value and age, its level, its band and its past, and what is left of its budget. */
export function VitalTile({ watch, vital, state, budgets }: Props) {
  const config = watch.config.value;
  const band = bandOf(config?.bands ?? [], vital);
  const verdict = state?.verdict[vital];
  const measured = state?.measured[vital];
  const isFrozen = watch.isFrozen.value;
  const silentFor = measured ? now.value - measured.at : 0;
  const isStale =
    verdict?.stale === true || silentFor > (config?.staleness_seconds ?? Number.POSITIVE_INFINITY) * 1_000;
  const isUnjudged = useLasting(
    !isFrozen && !isStale && isBehind(verdict, band && measured && edgeBeyond(band, measured.value)),
  );
  return (
    <section class="tile" data-level={isStale ? "stale" : verdict?.level} aria-label={words.value.vitals[vital]}>
      <header class="tile-head">
        <VitalSign vital={vital} />
        <h3>{words.value.vitals[vital]}</h3>
        {state && band && <PreviewButton subject={state.subject} vital={vital} />}
        {verdict && <LevelBadge verdict={verdict} isStale={isStale} isFrozen={isFrozen} />}
      </header>
      <p class="tile-now">
        <Value value={measured?.value ?? verdict?.value} />
        <span class="tile-facts">
          <Facts watch={watch} vital={vital} measured={measured} verdict={verdict} isStale={isStale} />
          {isUnjudged && <span class="tile-warning">{words.value.notJudged}</span>}
        </span>
      </p>
      {band && <BandLine band={band} value={measured?.value} verdict={verdict} isStale={isStale} />}
      <div class="tile-past">
        <HistoryChart watch={watch} vital={vital} />
        {band && <BandRuler band={band} value={measured?.value} verdict={verdict} isStale={isStale} />}
      </div>
      <BudgetRow vital={vital} budgets={budgets} isPresent={watch.timeline.mode.value === "live"} />
    </section>
  );
}

/** The third digit is small: it matters only near an edge. */
function Value({ value }: { value: number | undefined }) {
  if (value === undefined) return <span class="tile-value">—</span>;
  const text = score(value);
  return (
    <span class="tile-value">
      {text.slice(0, -1)}
      <small>{text.slice(-1)}</small>
    </span>
  );
}

type FactsProps = {
  watch: Watch;
  vital: Vital;
  measured: Measured | undefined;
  verdict: VitalVerdict | undefined;
  isStale: boolean;
};

/** Below the value: its age and since when its level holds; or what was at the marked instant. */
function Facts({ watch, vital, measured, verdict, isStale }: FactsProps) {
  const { chart, neverMeasured, since, sinceTime, staleFor } = words.value;
  const instant = watch.instant.value;
  if (instant !== undefined) {
    const reading = markedReading(watch, vital);
    return (
      <span class="tile-marked">
        <b>{time(instant * 1_000)}</b> {reading ? score(reading.last) : chart.noValue}
        {reading && reading.min < reading.max && <em>{chart.between(score(reading.min), score(reading.max))}</em>}
      </span>
    );
  }
  const held = verdict && Date.parse(verdict.since);
  const holds =
    held && (now.value - held > 1_000 ? since(time(held), span((now.value - held) / 1_000)) : sinceTime(time(held)));
  return (
    <>
      {isStale && measured ? (
        staleFor(span((now.value - measured.at) / 1_000))
      ) : measured ? (
        <Age at={measured.at} />
      ) : (
        neverMeasured
      )}
      {holds && !isStale && <span class="tile-since">{holds}</span>}
    </>
  );
}

/** Whether the value is worse than the engine says. Hysteresis keeps verdicts worse than the value, never better. */
function isBehind(verdict: VitalVerdict | undefined, edge: Edge | undefined): boolean {
  const judged = verdict?.priority ? urgency[verdict.priority] : 0;
  return edge !== undefined && urgency[edge.priority] > judged;
}

/** Whether `holds` has been true for longer than the engine ever needs. */
function useLasting(holds: boolean): boolean {
  const since = useRef<number | undefined>(undefined);
  since.current = holds ? (since.current ?? now.value) : undefined;
  return since.current !== undefined && now.value - since.current > JUDGED_WITHIN_MS;
}
