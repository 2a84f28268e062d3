import { present, shownAt, shownNow } from "../clock";
import { ExportSheet } from "../export/export-sheet";
import { useKeys } from "../keys/keys";
import { time as clockTime } from "../language/format";
import { words } from "../language/language";
import type { Watch } from "../watch/watch";
import { MomentForm } from "./moment-form";
import { speeds, type Timeline } from "./timeline";
import { Track } from "./track";

/** Which moment the page shows: live, standing still, or playing. The same on all pages. */
export function TimeBar({ watch }: { watch: Watch }) {
  const { timeline } = watch;
  const text = words.value.time;
  const mode = timeline.mode.value;
  useTimeKeys(watch);
  return (
    <section class="timebar" data-mode={mode} data-frozen={watch.isFrozen.value || undefined} aria-label={text.bar}>
      <div class="timebar-buttons">
        <TimeButton label={text.previous} path="M11.5 3.5 6 8l5.5 4.5zM4.5 3.5v9" onClick={() => toEvent(watch, -1)} />
        <TimeButton
          label={mode === "paused" ? text.play : text.pause}
          path={mode === "paused" ? "M5 3l8 5-8 5z" : "M5 3.5v9M11 3.5v9"}
          onClick={() => timeline.toggle()}
        />
        <TimeButton label={text.next} path="M4.5 3.5 10 8l-5.5 4.5zM11.5 3.5v9" onClick={() => toEvent(watch, 1)} />
      </div>
      <Track watch={watch} />
      <Clock watch={watch} />
      <div class="timebar-end">
        <Speed timeline={timeline} />
        <MomentForm watch={watch} />
        <ExportSheet watch={watch} />
        <button
          type="button"
          class="timebar-live"
          aria-pressed={mode === "live"}
          title={text.goLive}
          onClick={() => timeline.live()}
        >
          {text.live}
        </button>
      </div>
    </section>
  );
}

/** The shown moment, and how it is shown. */
function Clock({ watch }: { watch: Watch }) {
  const text = words.value.time;
  const { mode, speed } = watch.timeline;
  const at = shownAt.value;
  const word = at === undefined ? text.live : mode.value === "replay" ? text.replay : text.paused;
  return (
    <div class="timebar-clock">
      <b>{clockTime(at ?? present.value)}</b>
      <span>
        {trouble(watch, at) ?? word}
        {mode.value === "replay" && ` ${text.times(String(speed.value))}`}
      </span>
    </div>
  );
}

/** Why the shown moment is not there, or not all of it, or no longer the present. */
function trouble(watch: Watch, at: number | undefined): string | undefined {
  const { time: text, connection } = words.value;
  if (watch.isFrozen.value) return connection.lost;
  const { state, keptFrom } = watch.replayState();
  if (state === "missing") return text.missing;
  if (at !== undefined && keptFrom !== undefined && at < keptFrom) return text.forgotten(clockTime(keptFrom));
  return state === "loading" ? text.loading : undefined;
}

function Speed({ timeline }: { timeline: Timeline }) {
  const text = words.value.time;
  return (
    <select
      aria-label={text.speed}
      value={timeline.speed.value}
      onChange={(event) => {
        timeline.speed.value = Number(event.currentTarget.value);
      }}
    >
      {speeds.map((speed) => (
        <option key={speed} value={speed}>
          {text.times(String(speed))}
        </option>
      ))}
    </select>
  );
}

function TimeButton({ label, path, onClick }: { label: string; path: string; onClick: () => void }) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}

/** Shows the next event after the shown moment, or the one before it. */
function toEvent(watch: Watch, by: 1 | -1): void {
  const at = shownNow();
  const all = watch.moments.peek();
  const found = by === 1 ? all.find((moment) => moment.at > at) : all.findLast((moment) => moment.at < at);
  if (!found) return;
  watch.timeline.isPlaying.value = false;
  watch.timeline.seek(found.at);
}

function useTimeKeys(watch: Watch): void {
  const { timeline } = watch;
  const text = () => words.value.time;
  useKeys([
    { keys: [" "], does: () => `${text().play} / ${text().pause}`, run: () => timeline.toggle() },
    { keys: ["l"], does: () => text().goLive, run: () => timeline.live() },
    { keys: ["ArrowLeft"], does: () => text().earlier, run: () => timeline.step(-1 / 60) },
    { keys: ["ArrowRight"], does: () => text().later, run: () => timeline.step(1 / 60) },
    { keys: ["["], does: () => text().previous, run: () => toEvent(watch, -1) },
    { keys: ["]"], does: () => text().next, run: () => toEvent(watch, 1) },
    { keys: ["+", "="], does: () => text().faster, run: () => timeline.changeSpeed(1) },
    { keys: ["-"], does: () => text().slower, run: () => timeline.changeSpeed(-1) },
  ]);
}
