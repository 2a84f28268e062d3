import { present, shownAt } from "../clock";
import { stretches as experimentStretches, experimentsIn } from "../experiments/known";
import type { Moment } from "../happenings/moments";
import { shortTime, time } from "../language/format";
import { words } from "../language/language";
import type { Watch } from "../watch/watch";
import { lightStretches } from "./light-strip";

/** More marks than this side by side tell nothing. */
const MARKS = 300;

type Props = { watch: Watch; from: number; to: number };

/** The window of the charts as a line: its light, what happened, and the shown moment, which can be dragged. */
export function Track({ watch }: { watch: Watch }) {
  const { past, range } = watch.timeline;
  const to = past.value?.to ?? present.value;
  const from = past.value?.from ?? to - range.value.seconds * 1_000;
  return (
    <div class="track">
      <div class="track-light" aria-hidden="true">
        {stretches(watch, from, to).map((stretch) => (
          <span
            key={stretch.from}
            data-light={stretch.light}
            style={{ left: place(stretch.from, from, to), width: place(from + stretch.to - stretch.from, from, to) }}
          />
        ))}
      </div>
      <div class="track-experiments" aria-hidden="true">
        {experiments(watch, from, to).map((stretch) => (
          <span
            key={stretch.id}
            title={words.value.experiments.label(stretch.name)}
            style={{ left: place(stretch.from, from, to), width: place(from + stretch.to - stretch.from, from, to) }}
          />
        ))}
      </div>
      <ShownMoment watch={watch} from={from} to={to} />
      <Marks watch={watch} from={from} to={to} />
      <span class="track-from" aria-hidden="true">
        {shortTime(from)}
      </span>
      <span class="track-to" aria-hidden="true">
        {shortTime(to)}
      </span>
    </div>
  );
}

/** Where a moment lies on the line. */
const place = (at: number, from: number, to: number) => `${(100 * (at - from)) / (to - from)}%`;

/** The shown moment. In a replay it moves with every picture, and it alone. */
function ShownMoment({ watch, from, to }: Props) {
  const { timeline } = watch;
  const text = words.value.time;
  const at = Math.min(Math.max(shownAt.value ?? to, from), to);
  const seekTo = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    // The right end of a window that moves is the present.
    if (!timeline.past.peek() && share > 0.995) timeline.live();
    else timeline.seek(from + share * (to - from));
  };
  return (
    <div
      class="track-slider"
      role="slider"
      tabIndex={0}
      aria-label={text.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((100 * (at - from)) / (to - from))}
      aria-valuetext={shownAt.value === undefined ? text.live : time(at)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        timeline.isPlaying.value = false;
        seekTo(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && seekTo(event)}
    >
      <span class="track-head" style={{ left: place(at, from, to) }} />
    </div>
  );
}

function stretches(watch: Watch, from: number, to: number) {
  const happenings = watch.happenings.value;
  if (!happenings) return [];
  const start = happenings.isWhole("levels") ? happenings.start.value : undefined;
  return lightStretches(start, happenings.events.value, { from, to }, Math.min(to, present.value));
}

/** When experiments ran: those that had begun before the window, and those of its events. */
function experiments(watch: Watch, from: number, to: number) {
  const happenings = watch.happenings.value;
  if (!happenings) return [];
  const told = experimentsIn(happenings.events.value);
  const first = happenings.start.value?.experiment;
  const all = first && told.every(({ id }) => id !== first.id) ? [first, ...told] : told;
  return experimentStretches(all, { from, to }, Math.min(to, present.value));
}

/** What happened, as marks that open what they stand for. Those who cannot point find the same as a list. */
function Marks({ watch, from, to }: Props) {
  const within = watch.moments.value.filter(({ at }) => at >= from && at <= to).slice(-MARKS);
  return (
    <div class="track-marks" aria-hidden="true">
      {within.map((moment) => (
        <Mark key={moment.id} moment={moment} left={place(moment.at, from, to)} watch={watch} />
      ))}
    </div>
  );
}

function Mark({ moment, left, watch }: { moment: Moment; left: string; watch: Watch }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      class="track-mark"
      data-kind={moment.kind}
      data-priority={moment.priority}
      style={{ left }}
      title={`${time(moment.at)} · ${moment.title}`}
      onClick={() => {
        watch.opened.value = moment.id;
      }}
    />
  );
}
