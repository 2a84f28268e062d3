import { useComputed, useSignal } from "@preact/signals";
import { shortTime } from "../../language/format";
import { words } from "../../language/language";
import { recall, remember } from "../../preferences";
import type { Window } from "../../time/timeline";
import type { Watch } from "../../watch/watch";
import type { Cooldowns } from "../cooldowns";
import { type Order, ordered, orders } from "./order";
import { usePicture } from "./picture";
import { shownWindow } from "./shown-window";
import { ToneStrip } from "./tone-strip";
import { VoiceRow } from "./voice-row";

/** The seven voices below each other as in a score: who each one is and how it is, and beside it its past. */
export function Score({ watch, cooldowns }: { watch: Watch; cooldowns: Cooldowns }) {
  const text = words.value.voices;
  const order = useSignal<Order>(orders.find((known) => known === recall("voices.order")) ?? "rank");
  const picture = usePicture(watch);
  const window = useComputed(() => shownWindow(watch)).value;
  const now = watch.state.value?.chorus?.voices ?? [];
  return (
    <section class="score" aria-label={text.score}>
      <header class="score-head">
        <h3>{text.score}</h3>
        <div class="choice" role="group" aria-label={text.order}>
          {orders.map((each) => (
            <button
              type="button"
              key={each}
              aria-pressed={order.value === each}
              onClick={() => {
                order.value = each;
                remember("voices.order", each);
              }}
            >
              {text.orders[each]}
            </button>
          ))}
        </div>
        <Notice watch={watch} />
      </header>
      <div class="score-rows">
        <ToneStrip watch={watch} picture={picture.value} window={window} />
        <ul>
          {ordered(watch.config.value?.voices ?? [], now, order.value).map((rule) => (
            <VoiceRow
              key={rule.voice}
              watch={watch}
              rule={rule}
              now={now.find(({ voice }) => voice === rule.voice)}
              picture={picture.value}
              window={window}
              cooldowns={cooldowns}
            />
          ))}
        </ul>
        <Axis window={window} />
      </div>
    </section>
  );
}

/** Whether all that happened is there. */
function Notice({ watch }: { watch: Watch }) {
  const state = watch.happenings.value?.state.value;
  if (state !== "missing" && state !== "truncated") return null;
  return <p class="score-notice">{words.value.happenings[state]}</p>;
}

const TIMES = 4;

function Axis({ window: { from, to } }: { window: Window }) {
  return (
    <div class="score-axis" aria-hidden="true">
      {Array.from({ length: TIMES + 1 }, (_, index) => (
        <span key={index} style={{ left: `${(100 * index) / TIMES}%` }}>
          {shortTime(from + ((to - from) * index) / TIMES)}
        </span>
      ))}
    </div>
  );
}
