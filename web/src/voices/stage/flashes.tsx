import { now } from "../../clock";
import type { Voice } from "../../protocol";
import { nameOf } from "../../rules/rules";
import type { Watch } from "../../watch/watch";
import { hueOf } from "../hue";
import { isDouble, latestOfEach, symbolsOf } from "../symbol-events";
import type { Point } from "./place";

/** How long a symbol stays beside its voice, by the clock of whoever looks. */
const SHOWN_MS = 4_000;

/** Symbols at the moment that they are performed, each beside its voice. */
export function Flashes({ watch, places }: { watch: Watch; places: ReadonlyMap<Voice, Point> }) {
  const { mode, speed } = watch.timeline;
  const reach = SHOWN_MS * (mode.value === "replay" ? speed.value : 1);
  const symbols = symbolsOf(watch.happenings.value?.events.value ?? []);
  return (
    <>
      {latestOfEach(symbols, now.value - reach, now.value).map((event) => {
        const place = places.get(event.voice);
        if (!place) return null;
        return (
          <g key={event.id} transform={`translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`}>
            <g class="flash" style={{ "--hue": hueOf(event.voice) }}>
              <circle class="flash-ring" r="44" />
              <circle class="flash-plate" cx="38" cy="-38" r="19" />
              <text class="flash-glyph" data-double={isDouble(event.glyph)} text-anchor="middle" x="38" y="-31">
                {event.glyph}
              </text>
              <title>{nameOf("symbols", event.symbol)}</title>
            </g>
          </g>
        );
      })}
    </>
  );
}
