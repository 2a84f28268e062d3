import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { shownAt } from "../clock";
import { span, time } from "../language/format";
import { words } from "../language/language";
import { moveByKey } from "../vitals/history-chart";
import { ForkGlyph, SeamGlyph } from "./seam-glyph";
import { lookOf, StateSign, stateName } from "./state-look";
import type { SeamEvent, StateStretch } from "./stretches";
import { axisTimes, timeLabel } from "./strip-axis";
import type { SeamsView } from "./view";

/** More marks than this side by side tell nothing: the latest count. */
const MARKS = 200;

/** The states over time: a colour and a sign for each, seams as marks above, bifurcations as forks. */
export function Strip({ view }: { view: SeamsView }) {
  const { watch } = view;
  const body = useRef<HTMLDivElement>(null);
  const text = words.value.seams;
  const { from, to } = view.window.value;
  const place = (at: number) => `${(100 * (at - from)) / (to - from)}%`;
  const momentAt = (event: MouseEvent) => {
    const box = body.current?.getBoundingClientRect();
    if (!box) return undefined;
    return from + ((event.clientX - box.left) / box.width) * (to - from);
  };
  return (
    <section class="panel strip" aria-label={text.strip}>
      <div
        class="strip-body"
        ref={body}
        onPointerMove={(event) => {
          const at = momentAt(event);
          watch.instant.value = at === undefined ? undefined : Math.min(at, to) / 1_000;
        }}
        onPointerLeave={() => {
          watch.instant.value = undefined;
        }}
      >
        <Slider view={view} momentAt={momentAt}>
          <div class="strip-band">
            {view.stretches.value.map((stretch) => (
              <Band
                key={stretch.from}
                stretch={stretch}
                left={place(stretch.from)}
                share={(stretch.to - stretch.from) / (to - from)}
              />
            ))}
            {view.silences.value.map((silence) => (
              <div
                key={`silent ${silence.from}`}
                class="strip-silent"
                title={words.value.lights.black}
                style={{ left: place(silence.from), width: `${(100 * (silence.to - silence.from)) / (to - from)}%` }}
              />
            ))}
          </div>
        </Slider>
        <Marks view={view} place={place} />
        <Future place={place} />
        <Pointed view={view} place={place} />
        <div class="strip-axis" aria-hidden="true">
          {axisTimes(from, to).map((at) => (
            <span key={at} style={{ left: place(at) }}>
              {timeLabel(at, to - from)}
            </span>
          ))}
        </div>
      </div>
    </section>
  );
}

type SliderProps = {
  view: SeamsView;
  momentAt: (event: MouseEvent) => number | undefined;
  children: ComponentChildren;
};

/** What keys and readers of the screen find: the moment as a place on a scale. */
function Slider({ view, momentAt, children }: SliderProps) {
  const { watch } = view;
  const { from, to } = view.window.value;
  return (
    <div
      class="strip-slider"
      role="slider"
      tabIndex={0}
      aria-label={words.value.seams.stripLabel(words.value.ranges[watch.timeline.range.value.name])}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((100 * (marked(view) - from)) / (to - from))}
      aria-valuetext={spoken(view)}
      onKeyDown={(event) => moveByKey(event, watch)}
      onBlur={() => {
        watch.instant.value = undefined;
      }}
      onClick={(event) => {
        const at = momentAt(event);
        if (at !== undefined) watch.timeline.seek(at);
      }}
    >
      {children}
    </div>
  );
}

/** The instant that is marked, else the shown moment. */
function marked(view: SeamsView): number {
  const instant = view.watch.instant.value;
  return instant === undefined ? (shownAt.value ?? view.window.value.to) : instant * 1_000;
}

/** The state at that instant, for those who hear the page. */
function spoken(view: SeamsView): string {
  const at = marked(view);
  return `${time(at)}: ${nameOfStretch(view.stretches.value.findLast((stretch) => stretch.from <= at))}`;
}

function nameOfStretch(stretch: StateStretch | undefined): string {
  return stretch?.state === undefined ? words.value.seams.nothingKnown : stateName(stretch.state);
}

function Band({ stretch, left, share }: { stretch: StateStretch; left: string; share: number }) {
  const { state, from, to } = stretch;
  const title = `${nameOfStretch(stretch)}, ${time(from)}, ${span((to - from) / 1_000)}`;
  const look = state === undefined ? undefined : lookOf(state);
  return (
    <div class="strip-state" data-look={look} title={title} style={{ left, width: `${share * 100}%` }}>
      {state !== undefined && share > 0.015 && (
        <>
          <StateSign id={state} />
          <span>{stateName(state)}</span>
        </>
      )}
    </div>
  );
}

type Placed = { view: SeamsView; place: (at: number) => string };

function Marks({ view, place }: Placed) {
  const current = view.current.value?.id;
  return (
    <div class="strip-marks" aria-hidden="true">
      {view.forks.value.slice(-MARKS).map((event) => (
        <span key={event.id} class="strip-fork" style={{ left: place(Date.parse(event.at)) }} title={forkTitle(event)}>
          <ForkGlyph />
        </span>
      ))}
      {view.seams.value.slice(-MARKS).map((event) => (
        <Seam
          key={event.id}
          event={event}
          left={place(Date.parse(event.seam.at))}
          isCurrent={event.id === current}
          isAside={view.isAside(event.seam)}
          onChoose={() => view.go(event)}
        />
      ))}
    </div>
  );
}

const forkTitle = (event: { at: string; states: string[] }) =>
  words.value.seams.crossroadsAt(time(Date.parse(event.at)), event.states.map(stateName).join(", "));

type SeamProps = { event: SeamEvent; left: string; isCurrent: boolean; isAside: boolean; onChoose: () => void };

function Seam({ event, left, isCurrent, isAside, onChoose }: SeamProps) {
  const { from, to, kind, strong } = event.seam;
  return (
    <button
      type="button"
      tabIndex={-1}
      class="strip-seam"
      data-look={lookOf(to)}
      data-strong={strong || undefined}
      data-current={isCurrent || undefined}
      data-aside={isAside || undefined}
      style={{ left }}
      title={`${time(Date.parse(event.at))} · ${stateName(from)} → ${stateName(to)}`}
      onClick={onChoose}
    >
      <SeamGlyph kind={kind} size={14} />
    </button>
  );
}

/** What came after the shown moment is there, and does not count yet. */
function Future({ place }: { place: (at: number) => string }) {
  const at = shownAt.value;
  return at === undefined ? null : <div class="strip-future" style={{ left: place(at) }} />;
}

function Pointed({ view, place }: Placed) {
  const instant = view.watch.instant.value;
  const { from, to } = view.window.value;
  if (instant === undefined || instant * 1_000 < from || instant * 1_000 > to) return null;
  return (
    <div class="strip-pointed" style={{ left: place(instant * 1_000) }}>
      <span>{time(instant * 1_000)}</span>
    </div>
  );
}
