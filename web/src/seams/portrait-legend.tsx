import { edge } from "../language/format";
import { words } from "../language/language";
import { haloRadius } from "./trail";
import type { SeamsView } from "./view";

/** What colour and size mean, and for which trust and pain the areas hold. */
export function PortraitLegend({ view }: { view: SeamsView }) {
  const text = words.value.seams;
  const { trust, pain } = words.value.vitals;
  const measured = view.watch.state.value?.measured;
  const [t, p] = [measured?.trust?.value, measured?.pain?.value];
  return (
    <footer class="portrait-legend">
      <span class="legend-item">
        {trust} 0 <span class="trust-ramp" aria-hidden="true" /> 1
      </span>
      <span class="legend-item">
        {pain} 0
        <svg class="pain-ramp" viewBox="0 0 92 40" aria-hidden="true">
          {[0, 0.5, 1].map((score, i) => (
            <g key={score}>
              <circle class="portrait-halo" cx={[6, 32, 70][i]} cy="20" r={haloRadius(score)} />
              <circle cx={[6, 32, 70][i]} cy="20" r="1.5" />
            </g>
          ))}
        </svg>
        1
      </span>
      <span class="legend-item legend-areas">{t !== undefined && p !== undefined && text.slice(edge(t), edge(p))}</span>
    </footer>
  );
}
