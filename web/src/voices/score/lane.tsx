import { time } from "../../language/format";
import { inLanguage } from "../../language/language";
import type { Event, Voice } from "../../protocol";
import { nameOf, voiceName } from "../../rules/rules";
import type { Window } from "../../time/timeline";
import type { Watch } from "../../watch/watch";
import type { Awake } from "./activations";
import type { Picture } from "./picture";

/** More symbols than this side by side cannot be told apart. */
const SYMBOLS = 60;

type Props = { watch: Watch; voice: Voice; picture: Picture; window: Window };

/** The past of one voice: its activity as steps, its activations as bars, its symbols where they were performed. */
export function Lane({ watch, voice, picture, window }: Props) {
  const { from, to } = window;
  const place = (at: number) => `${(100 * (at - from)) / (to - from)}%`;
  const { base } = picture;
  const symbols = picture.symbols.filter((event) => event.voice === voice && isWithin(event, window));
  return (
    <div class="lane">
      <svg
        class="lane-activity"
        viewBox={`${(from - base) / 1_000} 0 ${(to - from) / 1_000} 1`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path d={picture.steps.get(voice)} />
      </svg>
      {picture.isSettled && base > from && <span class="lane-unknown" style={{ width: place(Math.min(base, to)) }} />}
      {picture.awake
        .filter((awake) => awake.voice === voice && (awake.to ?? to) >= from && awake.from <= to)
        .map((awake) => (
          <Bar key={awake.activation.id} awake={awake} window={window} watch={watch} />
        ))}
      {symbols.slice(-SYMBOLS).map((event) => (
        <button
          key={event.id}
          type="button"
          tabIndex={-1}
          class="lane-symbol"
          style={{ left: place(Date.parse(event.at)) }}
          title={`${time(Date.parse(event.at))} · ${nameOf("symbols", event.symbol)}: ${inLanguage(event.reason)}`}
          onClick={(click) => open(click, watch, event.id)}
        >
          {event.glyph}
        </button>
      ))}
    </div>
  );
}

/** While it was active. A click explains why. */
function Bar({ awake, window, watch }: { awake: Awake; window: Window; watch: Watch }) {
  const { activation, event, voice } = awake;
  const [from, to] = [Math.max(awake.from, window.from), Math.min(awake.to ?? window.to, window.to)];
  const share = (ms: number) => `${(100 * ms) / (window.to - window.from)}%`;
  const title = `${time(awake.from)} · ${voiceName(voice)}: ${inLanguage(activation.reason)}`;
  return (
    <button
      type="button"
      tabIndex={-1}
      class="lane-bar"
      data-urgency={activation.urgency}
      data-enters={awake.from < window.from || undefined}
      disabled={event === undefined}
      style={{ left: share(from - window.from), width: share(to - from) }}
      title={title}
      onClick={(click) => event !== undefined && open(click, watch, event)}
    />
  );
}

function open(click: MouseEvent, watch: Watch, id: string): void {
  // A click beside it goes to that moment.
  click.stopPropagation();
  watch.opened.value = id;
}

function isWithin(event: Event, { from, to }: Window): boolean {
  const at = Date.parse(event.at);
  return at >= from && at <= to;
}
