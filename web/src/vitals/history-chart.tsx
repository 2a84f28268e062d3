import { effect, untracked } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { bandOf } from "../bands/zones";
import { present, shownAt, shownNow } from "../clock";
import { chartData, readingNear } from "../history/window";
import { score, time } from "../language/format";
import { language, words } from "../language/language";
import type { Vital } from "../protocol";
import { shownTheme } from "../theme";
import { isWall } from "../wall/is-wall";
import type { Watch } from "../watch/watch";
import { makePlot, type Picture } from "./plot";

const SILENCE_SECONDS = 60;

/** The past of one vital. Moving over it, or the arrow keys, mark the same instant on all four. */
export function HistoryChart({ watch, vital }: { watch: Watch; vital: Vital }) {
  const host = useRef<HTMLDivElement>(null);
  const range = watch.timeline.range.value;
  const name = words.value.vitals[vital];

  const wall = isWall.value;
  useEffect(() => {
    return host.current ? follow(host.current, watch, vital) : undefined;
  }, [watch, vital, wall]);

  return (
    <div
      class="chart"
      role="slider"
      tabIndex={0}
      aria-label={words.value.chart.label(name, words.value.ranges[range.name])}
      aria-valuemin={-range.seconds}
      aria-valuemax={0}
      aria-valuenow={Math.round((watch.instant.value ?? shownNow() / 1_000) - watch.timeline.window().to / 1_000)}
      aria-valuetext={valueText(watch, vital)}
      onKeyDown={(event) => moveByKey(event, watch)}
      onBlur={() => {
        watch.instant.value = undefined;
      }}
    >
      <div class="chart-host" ref={host} />
    </div>
  );
}

/** The reading at the marked instant. */
export function markedReading(watch: Watch, vital: Vital) {
  const [past, instant] = [watch.past.value, watch.instant.value];
  if (!past || instant === undefined) return undefined;
  past.version.value;
  return readingNear(past.series, vital, instant, Math.max(2 * past.series.step, past.range.seconds / 100));
}

function valueText(watch: Watch, vital: Vital): string {
  const instant = watch.instant.value;
  if (instant === undefined) return words.value.now;
  const reading = markedReading(watch, vital);
  return `${time(instant * 1_000)}: ${reading ? score(reading.last) : words.value.chart.noValue}`;
}

/** The arrow keys mark instants of the charts, Enter goes to the marked one. */
export function moveByKey(event: KeyboardEvent, watch: Watch): void {
  const { from, to } = seconds(watch);
  const instant = watch.instant.peek() ?? shownNow() / 1_000;
  if (event.key === "Enter") {
    watch.timeline.seek(instant * 1_000);
    return;
  }
  const step = (to - from) / (event.shiftKey ? 10 : 60);
  const moves: Record<string, number | undefined> = {
    ArrowLeft: instant - step,
    ArrowRight: instant + step,
    Home: from,
    End: to,
    Escape: undefined,
  };
  if (!(event.key in moves)) return;
  event.preventDefault();
  event.stopPropagation();
  const moved = moves[event.key];
  watch.instant.value = moved === undefined ? undefined : Math.min(Math.max(moved, from), to);
}

/** The window of the charts, in seconds since 1970. */
function seconds(watch: Watch): { from: number; to: number } {
  const { from, to } = watch.timeline.window();
  return { from: from / 1_000, to: to / 1_000 };
}

/** Draws into `host` for as long as the page shows it: on new data, each second, and when the look changes. */
function follow(host: HTMLElement, watch: Watch, vital: Vital): () => void {
  const picture = (): Picture => {
    const past = watch.past.peek();
    const config = watch.config.peek();
    const { from, to } = seconds(watch);
    const band = bandOf(config?.bands ?? [], vital);
    const silence = config?.staleness_seconds ?? SILENCE_SECONDS;
    if (!past) return { data: [[], [], [], []], from, to, band, holes: [] };
    const state = watch.connection.state.peek();
    const isLost = past.end === undefined && "since" in state && state.since !== undefined;
    const lost = isLost ? [{ from: (state.since ?? 0) / 1_000, to }] : [];
    const holes = past.state.peek() === "missing" ? past.holes : [];
    return { data: chartData(past.series, vital, from, silence), from, to, band, holes: [...holes, ...lost] };
  };
  let current = picture();
  const plot = makePlot(host, () => current);
  const [mark, future] = [part(plot, "chart-mark"), part(plot, "chart-future")];

  const resize = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: host.clientHeight }));
  resize.observe(host);
  const drawing = effect(() => {
    watch.past.value?.version.value;
    watch.past.value?.state.value;
    const { range, past: window } = watch.timeline;
    for (const look of [watch.config, range, watch.connection.state, shownTheme, language]) look.value;
    // The present moves; a window of the past stands still.
    if (!window.value) present.value;
    current = untracked(picture);
    plot.batch(() => {
      plot.setData(current.data as uPlot.AlignedData, false);
      plot.setScale("x", { min: current.from, max: current.to });
    });
  });
  // Worked out here: the plot takes a new scale only a moment later.
  const place = (time: number) => `${(100 * (time - current.from)) / (current.to - current.from)}%`;
  const marking = effect(() => {
    const [instant] = [watch.instant.value, present.value, watch.past.value?.version.value];
    mark.hidden = instant === undefined || instant < current.from;
    if (!mark.hidden && instant !== undefined) mark.style.left = place(instant);
  });
  // What came after the shown moment is there, and does not count yet.
  const veiling = effect(() => {
    const [at] = [shownAt.value, watch.timeline.past.value, watch.past.value?.version.value];
    future.hidden = at === undefined;
    if (at !== undefined) future.style.left = place(at / 1_000);
  });
  const point = (event: PointerEvent) => {
    watch.instant.value = plot.posToVal(event.offsetX, "x");
  };
  plot.over.addEventListener("pointermove", point);
  plot.over.addEventListener("pointerdown", point);
  // A finger marks only: it would leave the present at every touch.
  plot.over.addEventListener("click", (event) => {
    if ((event as PointerEvent).pointerType !== "touch") watch.timeline.seek(plot.posToVal(event.offsetX, "x") * 1_000);
  });
  plot.over.addEventListener("pointerleave", () => {
    watch.instant.value = undefined;
  });
  return () => {
    resize.disconnect();
    drawing();
    marking();
    veiling();
    plot.destroy();
  };
}

/** Something that lies over the chart. */
function part(plot: uPlot, name: string): HTMLElement {
  const element = document.createElement("div");
  element.className = name;
  plot.over.append(element);
  return element;
}
