import { useRef } from "preact/hooks";
import { present, shownAt } from "../clock";
import { type Moment, moments } from "../happenings/moments";
import { shortTime, time } from "../language/format";
import { words } from "../language/language";
import type { Watch } from "../watch/watch";
import { lightStretches } from "./light-strip";

/** More marks than this side by side tell nothing. */
const MARKS = 300;

/** The window of the charts as a line: its light, what happened, and the shown moment, which can be dragged. */
export function Track({ watch }: { watch: Watch }) {
  const track = useRef<HTMLDivElement>(null);
  const { timeline } = watch;
  const text = words.value.time;
  const past = timeline.past.value;
  const to = past?.to ?? present.value;
  const from = past?.from ?? to - timeline.range.value.seconds * 1_000;
  const at = Math.min(Math.max(shownAt.value ?? to, from), to);
  const place = (moment: number) => `${(100 * (moment - from)) / (to - from)}%`;
  const seekTo = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    if (!box) return;
    const share = Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
    // The right end of a window that moves is the present.
    if (!past && share > 0.995) timeline.live();
    else timeline.seek(from + share * (to - from));
  };
  return (
    <div class="track" ref={track}>
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
        <div class="track-light" aria-hidden="true">
          {stretches(watch, from, to).map((stretch) => (
            <span
              key={stretch.from}
              data-light={stretch.light}
              style={{ left: place(stretch.from), width: `${(100 * (stretch.to - stretch.from)) / (to - from)}%` }}
            />
          ))}
        </div>
      </div>
      <Marks watch={watch} from={from} to={to} place={place} />
      <span class="track-head" style={{ left: place(at) }} aria-hidden="true" />
      <span class="track-from" aria-hidden="true">
        {shortTime(from)}
      </span>
      <span class="track-to" aria-hidden="true">
        {shortTime(to)}
      </span>
    </div>
  );
}

function stretches(watch: Watch, from: number, to: number) {
  const happenings = watch.happenings.value;
  if (!happenings) return [];
  const start = happenings.isWhole("levels") ? happenings.start.value : undefined;
  return lightStretches(start, happenings.events.value, { from, to }, Math.min(to, present.value));
}

type MarksProps = { watch: Watch; from: number; to: number; place: (moment: number) => string };

/** What happened, as marks that open what they stand for. Those who cannot point find the same as a list. */
function Marks({ watch, from, to, place }: MarksProps) {
  const happenings = watch.happenings.value;
  if (!happenings) return null;
  const all = moments(happenings.events.value, happenings.alerts.value);
  const within = all.filter((moment) => moment.at >= from && moment.at <= to).slice(-MARKS);
  return (
    <div class="track-marks" aria-hidden="true">
      {within.map((moment) => (
        <Mark key={moment.id} moment={moment} left={place(moment.at)} watch={watch} />
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
