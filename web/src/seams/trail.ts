import { type Colours, trustColour } from "./colours";
import type { Plane } from "./plane";
import { countUntil, type Point, type Way } from "./points";

/** How bright the way is that lies behind, and what lies ahead of a moment of the past. */
const BEHIND = 0.3;
const AHEAD = 0.5;
/** The part of the window, up to the shown moment, along which the way grows bright. */
const TAIL = 0.25;
const HALO = 0.075;
const LINE = 1.6;

/** How large the halo of a pain is, in pixels. */
export function haloRadius(pain: number | undefined): number {
  return 2 + 16 * (pain ?? 0) ** 1.5;
}

/**
 * The way of a subject through the plane, on two canvases: what lies behind stays and is only added to, so that a moment
 * that moves costs as little as the bright tail before it.
 */
export class Trail {
  #drawnUntil = Number.POSITIVE_INFINITY;

  constructor(
    private readonly behind: CanvasRenderingContext2D,
    private readonly tail: CanvasRenderingContext2D,
    private readonly plane: Plane,
  ) {}

  /** All is drawn anew: the window or the look is another. */
  renew(): void {
    this.#drawnUntil = Number.POSITIVE_INFINITY;
  }

  /** Draws the way up to `until`, in seconds since 1970; `span` is the length of the window. */
  draw(way: Way, until: number, span: number, colours: Colours): void {
    const end = countUntil(way.points, until);
    if (until < this.#drawnUntil) this.#begin(way, end, colours);
    this.#walk(this.behind, way, countUntil(way.points, this.#drawnUntil), end, colours, () => BEHIND);
    this.#drawnUntil = until;
    this.tail.clearRect(0, 0, this.plane.width, this.plane.height);
    const reach = TAIL * span;
    const brightness = (at: number) => Math.max(0, 1 - (until - at) / reach) ** 1.4;
    this.#walk(this.tail, way, countUntil(way.points, until - reach), end, colours, brightness);
  }

  /** Nothing lies behind yet; what lies ahead is hinted at. */
  #begin({ points, silence }: Way, end: number, colours: Colours): void {
    this.behind.clearRect(0, 0, this.plane.width, this.plane.height);
    this.behind.globalAlpha = AHEAD;
    this.behind.strokeStyle = colours.line2;
    this.behind.lineWidth = 1;
    for (let i = Math.max(1, end); i < points.length; i += 1) this.#step(this.behind, points, i, silence, false);
    this.#drawnUntil = Number.NEGATIVE_INFINITY;
  }

  #walk(
    ctx: CanvasRenderingContext2D,
    { points, silence }: Way,
    from: number,
    end: number,
    colours: Colours,
    brightness: (at: number) => number,
  ): void {
    const { x, y } = this.plane;
    for (let i = from; i < end; i += 1) {
      const point = points[i] as Point;
      ctx.globalAlpha = HALO * brightness(point.at);
      ctx.fillStyle = trustColour(colours, point.trust);
      ctx.beginPath();
      ctx.arc(x(point.clarity), y(point.chaos), haloRadius(point.pain), 0, 2 * Math.PI);
      ctx.fill();
    }
    ctx.lineCap = "round";
    ctx.lineWidth = LINE;
    for (let i = Math.max(1, from); i < end; i += 1) {
      const point = points[i] as Point;
      ctx.globalAlpha = brightness(point.at);
      ctx.strokeStyle = trustColour(colours, point.trust);
      this.#step(ctx, points, i, silence, i === end - 1);
    }
  }

  /** One step of the way, from the middle of the one before to its own middle: a line without corners. */
  #step(ctx: CanvasRenderingContext2D, points: readonly Point[], i: number, silence: number, isLast: boolean): void {
    const [first, from, to] = [points[i - 2], points[i - 1] as Point, points[i] as Point];
    if (to.at - from.at > silence) return;
    const { x, y } = this.plane;
    const middle = (a: Point, b: Point) => [x((a.clarity + b.clarity) / 2), y((a.chaos + b.chaos) / 2)] as const;
    ctx.beginPath();
    if (first && from.at - first.at <= silence) ctx.moveTo(...middle(first, from));
    else ctx.moveTo(x(from.clarity), y(from.chaos));
    ctx.quadraticCurveTo(x(from.clarity), y(from.chaos), ...middle(from, to));
    if (isLast) ctx.lineTo(x(to.clarity), y(to.chaos));
    ctx.stroke();
  }
}
