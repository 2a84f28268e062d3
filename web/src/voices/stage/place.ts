import type { Voice, VoiceRule } from "../../protocol";

/** How far from the middle the voices stand. */
export const RADIUS = 200;
/** How far from the middle links pass, so that what is written there stays readable. */
const PASS_CONFLICT = 131;
const PASS_SYNERGY = 152;

export type Point = { x: number; y: number };

/** Where each voice stands: a scale that rises clockwise from the lower left, the lowest pitch first. */
export function places(rules: readonly VoiceRule[]): Map<Voice, Point> {
  const scale = [...rules].sort((a, b) => a.pitch_hertz - b.pitch_hertz);
  return new Map(
    scale.map(({ voice }, index) => {
      const angle = ((index + 0.5) / scale.length) * 2 * Math.PI;
      return [voice, { x: -RADIUS * Math.sin(angle), y: RADIUS * Math.cos(angle) }];
    }),
  );
}

/** A curve from one voice to another around the middle, and the point halfway on it. */
export function link(from: Point, to: Point, kind: "conflict" | "synergy"): { path: string; middle: Point } {
  const half = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const distance = Math.hypot(half.x, half.y) || 1;
  const pass = kind === "conflict" ? PASS_CONFLICT : PASS_SYNERGY;
  const middle = { x: (half.x / distance) * pass, y: (half.y / distance) * pass };
  // A quadratic curve passes halfway between the middle of its ends and its control point.
  const control = { x: 2 * middle.x - half.x, y: 2 * middle.y - half.y };
  return { path: `M${at(from)}Q${at(control)} ${at(to)}`, middle };
}

const at = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;
