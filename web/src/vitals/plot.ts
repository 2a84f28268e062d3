import uPlot from "uplot";
import { type Zone, zones } from "../bands/zones";
import type { Hole } from "../history/past";
import type { ChartData } from "../history/window";
import { shortTime } from "../language/format";
import type { Band } from "../protocol";
import { rem } from "../styles/rem";
import { zoneColours } from "./zone-colours";

/** Room for the times below; the ruler beside the chart keeps the same. */
const AXIS_HEIGHT = 22;
const PADDING_TOP = 6;
const LABEL_HALF_WIDTH = 17;

/** Between the edges of a chart and its plot, in pixels at the usual size of letters. */
export const plotInsets = { top: PADDING_TOP, bottom: AXIS_HEIGHT };

/** What a plot shows. */
export type Picture = {
  data: ChartData;
  from: number;
  to: number;
  band: Band | undefined;
  /** Where this page does not know what happened. */
  holes: Hole[];
};

/** A chart of one vital: its zones, its line coloured by the zone it is in, and the extremes as a shade. */
export function makePlot(host: HTMLElement, picture: () => Picture): uPlot {
  const zonesNow = (): Zone[] => {
    const { band } = picture();
    return band ? zones(band) : [];
  };
  const options: uPlot.Options = {
    width: Math.max(1, host.clientWidth),
    height: Math.max(1, host.clientHeight),
    padding: [rem(PADDING_TOP), 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: true }, y: { auto: false, range: [0, 1] } },
    axes: [
      {
        size: rem(AXIS_HEIGHT),
        gap: rem(4),
        space: rem(64),
        font: `${rem(11)}px system-ui, sans-serif`,
        stroke: () => zoneColours().ink,
        grid: { show: false },
        ticks: { show: false },
        values: axisLabels,
      },
      { show: false },
    ],
    series: [
      {},
      { stroke: (plot) => lineColour(plot, zonesNow()), width: rem(1.75), points: { show: false } },
      { stroke: "transparent", points: { show: false } },
      { stroke: "transparent", points: { show: false } },
    ],
    bands: [{ series: [3, 2], fill: (plot) => lineColour(plot, zonesNow(), 0.28) }],
    hooks: {
      drawClear: [
        (plot) => {
          drawZones(plot, zonesNow());
          for (const hole of picture().holes) drawHole(plot, hole);
        },
      ],
      draw: [(plot) => drawLonely(plot, zonesNow())],
    },
  };
  const { data, from, to } = picture();
  const plot = new uPlot(options, data as uPlot.AlignedData, host);
  plot.setScale("x", { min: from, max: to });
  return plot;
}

/** Times, but none that the edge of the chart would cut through. */
function axisLabels(plot: uPlot, times: number[]): (string | null)[] {
  const width = plot.over.clientWidth;
  return times.map((time) => {
    const x = plot.valToPos(time, "x");
    return x < rem(LABEL_HALF_WIDTH) || x > width - rem(LABEL_HALF_WIDTH) ? null : shortTime(time * 1_000);
  });
}

/** A line of many colours: at each height that of its zone, with hard edges. */
function lineColour(plot: uPlot, all: Zone[], opacity = 1): string | CanvasGradient {
  const { line } = zoneColours();
  const { top, height } = plot.bbox;
  if (all.length === 0 || !(height > 0)) return line.ok;
  const gradient = plot.ctx.createLinearGradient(0, top + height, 0, top);
  for (const zone of all) {
    const colour =
      opacity === 1 ? line[zone.kind] : `color-mix(in srgb, ${line[zone.kind]} ${opacity * 100}%, transparent)`;
    gradient.addColorStop(zone.from, colour);
    gradient.addColorStop(zone.to, colour);
  }
  return gradient;
}

function drawZones(plot: uPlot, all: Zone[]): void {
  const { left, width } = plot.bbox;
  const colours = zoneColours();
  // uPlot remembers the colour that it set last, and would write the times in ours.
  plot.ctx.save();
  for (const zone of all) {
    const [top, bottom] = [plot.valToPos(zone.to, "y", true), plot.valToPos(zone.from, "y", true)];
    plot.ctx.fillStyle = colours.zone[zone.kind];
    plot.ctx.fillRect(left, top, width, bottom - top);
  }
  plot.ctx.restore();
}

function drawHole(plot: uPlot, hole: Hole): void {
  const { ctx, bbox } = plot;
  const x = (time: number) => Math.min(Math.max(plot.valToPos(time, "x", true), bbox.left), bbox.left + bbox.width);
  const [from, to] = [x(hole.from), x(hole.to)];
  if (to - from < 1) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, bbox.top, to - from, bbox.height);
  ctx.clip();
  ctx.strokeStyle = zoneColours().hatch;
  ctx.globalAlpha = 0.5;
  ctx.lineWidth = devicePixelRatio;
  const gap = 7 * devicePixelRatio;
  ctx.beginPath();
  for (let at = from - bbox.height; at < to; at += gap) {
    ctx.moveTo(at, bbox.top + bbox.height);
    ctx.lineTo(at + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}

/** A value between two breaks has no line; it is drawn as a dot, with its extremes as a stroke. */
function drawLonely(plot: uPlot, all: Zone[]): void {
  const [times, last, min, max] = plot.data as ChartData;
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = ctx.strokeStyle = lineColour(plot, all);
  ctx.lineWidth = 2 * devicePixelRatio;
  for (let i = 0; i < times.length; i += 1) {
    const value = last[i];
    if (typeof value !== "number" || typeof last[i - 1] === "number" || typeof last[i + 1] === "number") continue;
    const x = plot.valToPos(times[i] as number, "x", true);
    if (x < plot.bbox.left) continue;
    const y = (score: number) => plot.valToPos(score, "y", true);
    ctx.beginPath();
    ctx.moveTo(x, y(min[i] as number));
    ctx.lineTo(x, y(max[i] as number));
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(x, y(value), 2 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.restore();
}
