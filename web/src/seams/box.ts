import { type Scores, type Vital, vitals } from "../protocol";

/** A stretch of [0, 1]; an open end does not belong to it. */
export type Stretch = { from: number; to: number; isFromOpen: boolean; isToOpen: boolean };
/** A part of the space of the four vitals, each within its stretch. */
export type Box = Record<Vital, Stretch>;

const whole: Stretch = { from: 0, to: 1, isFromOpen: false, isToOpen: false };
export const everywhere: Box = { clarity: whole, chaos: whole, trust: whole, pain: whole };

/** What both have in common. */
export function overlap(a: Stretch, b: Stretch): Stretch {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  return {
    from,
    to,
    isFromOpen: (a.from === from && a.isFromOpen) || (b.from === from && b.isFromOpen),
    isToOpen: (a.to === to && a.isToOpen) || (b.to === to && b.isToOpen),
  };
}

export function isEmpty({ from, to, isFromOpen, isToOpen }: Stretch): boolean {
  return from > to || (from === to && (isFromOpen || isToOpen));
}

export function contains(stretch: Stretch, value: number): boolean {
  const { from, to, isFromOpen, isToOpen } = stretch;
  return (value > from || (value === from && !isFromOpen)) && (value < to || (value === to && !isToOpen));
}

/** The part of `box` that is not in `other`, in pieces that do not overlap. */
export function outside(box: Box, other: Box): Box[] {
  if (vitals.some((vital) => isEmpty(overlap(box[vital], other[vital])))) return [box];
  const pieces: Box[] = [];
  const rest = { ...box };
  for (const vital of vitals) {
    const [mine, theirs] = [rest[vital], other[vital]];
    const below = overlap(mine, { ...whole, to: theirs.from, isToOpen: !theirs.isFromOpen });
    const above = overlap(mine, { ...whole, from: theirs.to, isFromOpen: !theirs.isToOpen });
    // Nothing lies beyond the ends of the scale.
    if (theirs.from > 0 && !isEmpty(below)) pieces.push({ ...rest, [vital]: below });
    if (theirs.to < 1 && !isEmpty(above)) pieces.push({ ...rest, [vital]: above });
    rest[vital] = overlap(mine, theirs);
  }
  return pieces;
}

/** How far each vital must move to get into the box; only those that must. */
export function moves(box: Box, from: Record<Vital, number>): Scores {
  const needed: Scores = {};
  for (const vital of vitals) {
    const [{ from: low, to: high }, value] = [box[vital], from[vital]];
    if (!contains(box[vital], value)) needed[vital] = value <= low ? low - value : high - value;
  }
  return needed;
}
