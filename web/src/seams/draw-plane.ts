import { edge } from "../language/format";
import type { Colours } from "./colours";
import type { Plane } from "./plane";
import { lookOf, statePaths } from "./state-look";
import type { Area } from "./state-map";

const FONT = "system-ui, sans-serif";

export type StateMap = {
  /** Where a state holds with trust and pain as they are. */
  here: readonly Area[];
  /** Where a state would hold with other trust or pain. */
  others: readonly Area[];
  nameOf: (id: string) => string;
};

/** The scales, and the states as faint areas. */
export function drawPlane(ctx: CanvasRenderingContext2D, plane: Plane, map: StateMap, colours: Colours): void {
  ctx.clearRect(0, 0, plane.width, plane.height);
  drawScales(ctx, plane, colours);
  for (const area of map.here) drawArea(ctx, plane, area, colours);
  for (const area of map.others) drawOutline(ctx, plane, area, colours);
}

/** The names of the areas. They lie above the trail, which would hide them. */
export function drawNames(ctx: CanvasRenderingContext2D, plane: Plane, map: StateMap, colours: Colours): void {
  ctx.clearRect(0, 0, plane.width, plane.height);
  for (const area of map.others) drawName(ctx, plane, area, map.nameOf(area.id), colours, false);
  for (const area of map.here) drawName(ctx, plane, area, map.nameOf(area.id), colours, true);
}

function drawScales(ctx: CanvasRenderingContext2D, { x, y }: Plane, colours: Colours): void {
  ctx.strokeStyle = colours.line;
  ctx.fillStyle = colours.ink3;
  ctx.font = `11px ${FONT}`;
  ctx.lineWidth = 1;
  for (const at of [0, 0.2, 0.4, 0.6, 0.8, 1]) {
    const [left, top] = [Math.round(x(at)) + 0.5, Math.round(y(at)) + 0.5];
    ctx.beginPath();
    ctx.moveTo(left, y(0));
    ctx.lineTo(left, y(1));
    ctx.moveTo(x(0), top);
    ctx.lineTo(x(1), top);
    ctx.stroke();
    ctx.textBaseline = "top";
    ctx.textAlign = at === 0 ? "left" : at === 1 ? "right" : "center";
    ctx.fillText(edge(at).slice(0, -1), left, y(0) + 7);
    ctx.textAlign = "right";
    ctx.textBaseline = at === 0 ? "bottom" : at === 1 ? "top" : "middle";
    ctx.fillText(edge(at).slice(0, -1), x(0) - 7, top);
  }
}

type Rectangle = { left: number; top: number; width: number; height: number };

/** Whole pixels: neighbours must neither overlap nor leave a gap. */
function rectangles({ x, y }: Plane, { pieces }: Area): Rectangle[] {
  return pieces.map(({ clarity, chaos }) => {
    const [left, right] = [Math.round(x(clarity.from)), Math.round(x(clarity.to))];
    const [top, bottom] = [Math.round(y(chaos.to)), Math.round(y(chaos.from))];
    return { left, top, width: right - left, height: bottom - top };
  });
}

function drawArea(ctx: CanvasRenderingContext2D, plane: Plane, area: Area, colours: Colours): void {
  ctx.fillStyle = colours.states[lookOf(area.id)] as string;
  ctx.globalAlpha = 0.13;
  for (const { left, top, width, height } of rectangles(plane, area)) ctx.fillRect(left, top, width, height);
  ctx.globalAlpha = 1;
}

function drawOutline(ctx: CanvasRenderingContext2D, plane: Plane, area: Area, colours: Colours): void {
  ctx.strokeStyle = colours.states[lookOf(area.id)] as string;
  ctx.globalAlpha = 0.5;
  ctx.setLineDash([2, 4]);
  for (const { left, top, width, height } of rectangles(plane, area)) {
    ctx.strokeRect(left + 1.5, top + 1.5, width - 3, height - 3);
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** In the largest piece: above when the state holds there, below when it needs more. */
function drawName(
  ctx: CanvasRenderingContext2D,
  plane: Plane,
  area: Area,
  name: string,
  colours: Colours,
  isHere: boolean,
): void {
  const place = rectangles(plane, area).sort((a, b) => b.width * b.height - a.width * a.height)[0];
  if (!place || place.height < 22) return;
  const look = lookOf(area.id);
  ctx.save();
  ctx.font = `${isHere ? 500 : 400} 11.5px ${FONT}`;
  const width = 18 + ctx.measureText(name).width;
  const end = place.left + place.width - 7;
  // What is too narrow for its name lets it begin outside: all of them lie towards clear.
  const left = Math.min(place.left + 7, Math.max(end - width, plane.x(0) + 7));
  ctx.translate(left, isHere ? place.top + 7 : place.top + place.height - 21);
  ctx.strokeStyle = colours.states[look] as string;
  ctx.lineWidth = 1.5;
  ctx.lineCap = ctx.lineJoin = "round";
  ctx.scale(0.8, 0.8);
  ctx.stroke(new Path2D(statePaths[look]));
  ctx.scale(1.25, 1.25);
  ctx.fillStyle = isHere ? colours.ink2 : colours.ink3;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.strokeStyle = colours.surface;
  ctx.lineWidth = 3;
  ctx.strokeText(name, 18, 7);
  ctx.fillText(name, 18, 7);
  ctx.restore();
}
