import type { ZoneKind } from "../bands/zones";
import { byTheme } from "../styles/tokens";

type Colours = {
  zone: Record<ZoneKind, string>;
  line: Record<ZoneKind, string>;
  ink: string;
  hatch: string;
};

/** What the charts are drawn in. */
export const zoneColours = byTheme<Colours>((token) => ({
  zone: {
    ok: token("zone-ok"),
    warn: token("zone-warn"),
    block: token("zone-block"),
    critical: token("zone-critical"),
  },
  line: { ok: token("ok"), warn: token("warn"), block: token("block"), critical: token("critical") },
  ink: token("ink-2"),
  hatch: token("ink-3"),
}));
