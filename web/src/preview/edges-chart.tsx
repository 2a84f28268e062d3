import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { chartData } from "../history/window";
import { edge as edgeText } from "../language/format";
import { words } from "../language/language";
import type { Edge } from "../protocol";
import { config } from "../rules/rules";
import { shownTheme } from "../theme";
import { makePlot, type Picture, plotInsets } from "../vitals/plot";
import { roomOf } from "./moved";
import type { Preview } from "./preview";

const SILENCE_SECONDS = 60;

/** The last week of a vital, and the edges of its band, which can be dragged or moved by the arrow keys. */
export function EdgesChart({ preview }: { preview: Preview }) {
  const host = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => (host.current ? follow(host.current, preview) : undefined), [preview]);
  const band = preview.band.value;
  return (
    <div class="preview-chart" ref={frame}>
      <div class="preview-plot" ref={host} />
      <div class="preview-edges" style={{ top: `${plotInsets.top / 16}rem`, bottom: `${plotInsets.bottom / 16}rem` }}>
        {band?.edges.map((edge) => (
          <Handle key={edge.rule} preview={preview} edge={edge} />
        ))}
      </div>
    </div>
  );
}

function Handle({ preview, edge }: { preview: Preview; edge: Edge }) {
  const band = preview.band.value;
  const { preview: text, sides, levels } = words.value;
  if (!band) return null;
  const { min, max } = roomOf(band, edge);
  const drag = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).parentElement?.getBoundingClientRect();
    if (box) preview.move(edge, (box.bottom - event.clientY) / box.height);
  };
  const moveByKey = (event: KeyboardEvent) => {
    const step = { ArrowUp: 0.01, ArrowDown: -0.01, PageUp: 0.05, PageDown: -0.05 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    preview.move(edge, edge.at + step);
  };
  return (
    <div
      class="preview-edge"
      data-priority={edge.priority}
      data-moved={preview.moved.value[edge.rule] !== undefined || undefined}
      role="slider"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={text.edge(edge.priority === "P0" ? words.value.zones.critical : levels[edge.level], sides[edge.side])}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={edge.at}
      aria-valuetext={edgeText(edge.at)}
      style={{ bottom: `${100 * edge.at}%` }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && drag(event)}
      onKeyDown={moveByKey}
    >
      <span>{edgeText(edge.at)}</span>
    </div>
  );
}

/** Draws the week for as long as the sheet is open. */
function follow(host: HTMLElement, preview: Preview): () => void {
  const { past } = preview;
  const to = (past.end ?? 0) / 1_000;
  const picture = (): Picture => {
    // Who is younger than a week fills the chart all the same.
    const first = past.series.times[0];
    const from = Math.max(to - past.range.seconds, past.series.length > 0 ? (first ?? 0) : 0);
    const silence = config.peek()?.staleness_seconds ?? SILENCE_SECONDS;
    const data = chartData(past.series, preview.vital, from, silence);
    const holes = past.state.peek() === "missing" ? past.holes : [];
    return { data, from, to, band: preview.band.peek(), holes };
  };
  let current = picture();
  const plot = makePlot(host, () => current);
  const resize = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: host.clientHeight }));
  resize.observe(host);
  const drawing = effect(() => {
    for (const look of [past.version, past.state, preview.band, shownTheme]) look.value;
    current = picture();
    plot.batch(() => {
      plot.setData(current.data as uPlot.AlignedData, false);
      plot.setScale("x", { min: current.from, max: to });
    });
  });
  return () => {
    resize.disconnect();
    drawing();
    plot.destroy();
  };
}
