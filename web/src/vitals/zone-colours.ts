import type { ZoneKind } from "../bands/zones";
import { shownTheme } from "../theme";

type Colours = {
  zone: Record<ZoneKind, string>;
  line: Record<ZoneKind, string>;
  ink: string;
  faint: string;
  hatch: string;
};

const cache = new Map<string, Colours>();

/** The colours of the shown theme, as a canvas needs them: the style sheet stays the one place that defines them. */
export function zoneColours(): Colours {
  const known = cache.get(shownTheme.value);
  if (known) return known;
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const colours: Colours = {
    zone: {
      ok: token("zone-ok"),
      warn: token("zone-warn"),
      block: token("zone-block"),
      critical: token("zone-critical"),
    },
    line: { ok: token("ok"), warn: token("warn"), block: token("block"), critical: token("critical") },
    ink: token("ink-2"),
    faint: token("line"),
    hatch: token("ink-3"),
  };
  cache.set(shownTheme.value, colours);
  return colours;
}
