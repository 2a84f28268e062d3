import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { present, shownAt } from "../../clock";
import { shortTime } from "../../language/format";
import { words } from "../../language/language";
import { recall, remember } from "../../preferences";
import type { Window } from "../../time/timeline";
import type { Watch } from "../../watch/watch";
import type { Cooldowns } from "../cooldowns";
import { type Order, ordered, orders } from "./order";
import { usePicture } from "./picture";
import { ToneStrip } from "./tone-strip";
import { VoiceRow } from "./voice-row";

/** The seven voices below each other as in a score: who each one is and how it is, and beside it its past. */
export function Score({ watch, cooldowns }: { watch: Watch; cooldowns: Cooldowns }) {
  const text = words.value.voices;
  const order = useSignal<Order>(orders.find((known) => known === recall("voices.order")) ?? "rank");
  const picture = usePicture(watch);
  const window = useComputed(() => shownWindow(watch)).value;
  const place = useMarks(watch);
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
      <div class="score-rows" ref={place}>
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

/** What the lanes show at this moment; the present moves. */
function shownWindow(watch: Watch): Window {
  const past = watch.timeline.past.value;
  if (past) return past;
  const to = present.value;
  return { from: to - watch.timeline.range.value.seconds * 1_000, to };
}

/** The marked instant and the shown moment as shares of the window. Only they move while time goes by. */
function useMarks(watch: Watch) {
  const place = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    const { from, to } = shownWindow(watch);
    const share = (at: number | undefined) =>
      at === undefined ? "-1" : String(Math.min(Math.max((at - from) / (to - from), 0), 1));
    const instant = watch.instant.value;
    place.current?.style.setProperty("--instant", share(instant && instant * 1_000));
    place.current?.style.setProperty("--shown", share(shownAt.value));
    const lost = watch.connection.state.value;
    const since = watch.isFrozen.value && "since" in lost ? lost.since : undefined;
    place.current?.style.setProperty("--lost", share(since));
  });
  return place;
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
