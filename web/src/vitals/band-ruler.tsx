import { bandPicture } from "../bands/band-picture";
import { Bullet } from "../bands/bullet";
import { okZone, zones } from "../bands/zones";
import { edge, score } from "../language/format";
import { words } from "../language/language";
import type { Band, VitalVerdict } from "../protocol";

type Props = { band: Band; value: number | undefined; verdict: VitalVerdict | undefined; isStale: boolean };

/** The band of a vital as the axis of its chart: zones, optimum, target, and where the value stands now. */
export function BandRuler(props: Props) {
  const { band, value, isStale } = props;
  const ok = okZone(band);
  const [low, high] = band.optimum;
  return (
    <div class="ruler" {...meter(props)}>
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

/** The same lying down, where there is no room beside the chart: the style sheet shows one of both. */
export function BandLine(props: Props) {
  const { band, value, verdict, isStale } = props;
  const ok = okZone(band);
  return (
    <div class="band-line" {...meter(props)} style={{ [`--band-${band.vital}`]: bandPicture(band) }}>
      <Bullet vital={band.vital} value={value} level={isStale ? "stale" : verdict?.level} />
      {[ok.from, ok.to].map((at) => (
        <span key={at} class="band-edge" style={{ left: percent(at) }}>
          {edge(at)}
        </span>
      ))}
    </div>
  );
}

/** What readers of the screen hear, and what a pointer is told. */
function meter({ band, value, verdict, isStale }: Props) {
  const { vitals, levels, sides, stale, chart, zones: names, neverMeasured } = words.value;
  const ok = okZone(band);
  const okWords = chart.okZone(edge(ok.from), edge(ok.to));
  const [low, high] = band.optimum;
  const spoken = [
    value === undefined ? neverMeasured : score(value),
    verdict && levels[verdict.level],
    verdict?.side && sides[verdict.side],
    isStale && stale,
    okWords,
  ];
  return {
    role: "meter",
    "aria-label": vitals[band.vital],
    "aria-valuemin": 0,
    "aria-valuemax": 1,
    "aria-valuenow": value ?? 0,
    "aria-valuetext": spoken.filter(Boolean).join(", "),
    title: `${okWords}; ${names.optimum} ${edge(low)}–${edge(high)}; ${names.target} ${edge(band.target)}`,
  } as const;
}

const percent = (score: number) => `${score * 100}%`;
const stretch = (from: number, to: number) => ({ bottom: percent(from), height: percent(to - from) });
