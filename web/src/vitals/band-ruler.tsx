import { okZone, zones } from "../bands/zones";
import { edge, score } from "../language/format";
import { words } from "../language/language";
import type { Band, VitalVerdict } from "../protocol";

type Props = { band: Band; value: number | undefined; verdict: VitalVerdict | undefined; isStale: boolean };

/** The band of a vital as the axis of its chart: zones, optimum, target, and where the value stands now. */
export function BandRuler({ band, value, verdict, isStale }: Props) {
  const { vitals, levels, sides, stale, chart, zones: names, neverMeasured } = words.value;
  const ok = okZone(band);
  const [low, high] = band.optimum;
  const spoken = [
    value === undefined ? neverMeasured : score(value),
    verdict && levels[verdict.level],
    verdict?.side && sides[verdict.side],
    isStale && stale,
    chart.okZone(edge(ok.from), edge(ok.to)),
  ];
  return (
    <div
      class="ruler"
      role="meter"
      aria-label={vitals[band.vital]}
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={value ?? 0}
      aria-valuetext={spoken.filter(Boolean).join(", ")}
      title={`${chart.okZone(edge(ok.from), edge(ok.to))}; ${names.optimum} ${edge(low)}–${edge(high)}; ${names.target} ${edge(band.target)}`}
    >
      <div class="ruler-scale">
        {zones(band).map((zone) => (
          <span key={zone.from} class="ruler-zone" data-zone={zone.kind} style={stretch(zone.from, zone.to)} />
        ))}
        <span class="ruler-optimum" style={stretch(low, high)} />
        <span class="ruler-target" style={{ bottom: percent(band.target) }} />
      </div>
      {[ok.from, ok.to].map((at) => (
        <span key={at} class="ruler-edge" style={{ bottom: percent(at) }}>
          {edge(at)}
        </span>
      ))}
      {value !== undefined && (
        <span class="ruler-value" data-stale={isStale || undefined} style={{ bottom: percent(value) }} />
      )}
    </div>
  );
}

const percent = (score: number) => `${score * 100}%`;
const stretch = (from: number, to: number) => ({ bottom: percent(from), height: percent(to - from) });
