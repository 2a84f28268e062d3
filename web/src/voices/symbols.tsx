import { useComputed } from "@preact/signals";
import { now } from "../clock";
import { time } from "../language/format";
import { inLanguage, words } from "../language/language";
import type { Event } from "../protocol";
import { nameOf, voiceName } from "../rules/rules";
import { Age } from "../shell/age";
import type { Watch } from "../watch/watch";
import { hueOf } from "./hue";
import { isDouble, type SymbolEvent, symbolsOf } from "./symbol-events";

const LISTED = 6;

const none: readonly Event[] = [];
/** The last symbols until the shown moment, the latest first. */
export function Symbols({ watch }: { watch: Watch }) {
  const text = words.value;
  const symbols = useComputed(() => symbolsOf(watch.happenings.value?.events.value ?? none));
  // The list is drawn again when it changes, not with every picture of a replay.
  const count = useComputed(() => symbols.value.filter(({ at }) => Date.parse(at) <= now.value).length);
  const shown = symbols.value.slice(Math.max(0, count.value - LISTED), count.value).reverse();
  return (
    <section class="symbols" aria-label={text.voices.symbols}>
      <h3>{text.voices.symbols}</h3>
      {shown.length === 0 && <p class="voices-none">{text.voices.noSymbols}</p>}
      <ol>
        {shown.map((event) => (
          <Performed key={event.id} event={event} watch={watch} />
        ))}
      </ol>
    </section>
  );
}

function Performed({ event, watch }: { event: SymbolEvent; watch: Watch }) {
  const at = Date.parse(event.at);
  return (
    <li style={{ "--hue": hueOf(event.voice) }}>
      <button type="button" class="symbol" onClick={() => (watch.opened.value = event.id)}>
        <span class="symbol-glyph" data-double={isDouble(event.glyph)} aria-hidden="true">
          {event.glyph}
        </span>
        <span class="symbol-words">
          <span>
            <b>{nameOf("symbols", event.symbol)}</b> {voiceName(event.voice)}
          </span>
          <span class="symbol-reason">{inLanguage(event.reason)}</span>
        </span>
        <span class="symbol-time">
          <time>{time(at)}</time>
          <Age at={at} />
        </span>
      </button>
    </li>
  );
}
