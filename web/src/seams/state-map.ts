import { type Band, type Rule, type Scores, type Vital, vitals } from "../protocol";
import { type Box, contains, everywhere, moves, outside, type Stretch } from "./box";
import { type StateBox, stateBox } from "./state-box";

/** A rectangle of the plane of clarity and chaos in which a state would hold. */
export type Area = { id: string; pieces: Box[] };
/** A state that lies near, and how far each vital must move to get there. */
export type Near = { id: string; by: Scores; distance: number };

/** The states whose conditions can be read, in the order of the rules: the first that holds is the state. */
export function stateBoxes(states: readonly Rule[], bands: readonly Band[]): StateBox[] {
  return states.flatMap(({ id, when }) => stateBox(id, when, bands) ?? []);
}

/** The states that may hold somewhere in the plane of clarity and chaos while trust and pain are as they are. */
export function possible(states: readonly StateBox[], trust: number, pain: number): StateBox[] {
  return states.filter(({ box, isWhole }) => isWhole && contains(box.trust, trust) && contains(box.pain, pain));
}

/** Where in the plane each of them holds: what an earlier one takes is not the later one's. */
export function areas(states: readonly StateBox[]): Area[] {
  const boxes = states.map(({ box }): Box => ({ ...box, trust: everywhere.trust, pain: everywhere.pain }));
  return states.map(({ id }, place) => ({ id, pieces: without(boxes[place] as Box, boxes.slice(0, place)) }));
}

/** Where other states would hold with other trust or pain; only those that ask something of clarity and chaos. */
export function otherAreas(states: readonly StateBox[], here: readonly Area[]): Area[] {
  return states
    .filter(({ id, box }) => !here.some((area) => area.id === id) && (isAsked(box.clarity) || isAsked(box.chaos)))
    .map(({ id, box }) => ({ id, pieces: [box] }));
}

function isAsked({ from, to }: Stretch): boolean {
  return from > 0 || to < 1;
}

/** The other states that lie within `reach` of the vitals, the nearest first. */
export function nearStates(states: readonly StateBox[], present: string, at: Scores, reach: number): Near[] {
  if (vitals.some((vital) => at[vital] === undefined)) return [];
  const point = at as Record<Vital, number>;
  const near = states.flatMap(({ id, box, isWhole }, place) => {
    if (id === present || !isWhole) return [];
    const earlier = states.slice(0, place).filter((state) => state.isWhole);
    const ways = without(
      box,
      earlier.map((state) => state.box),
    ).map((piece) => moves(piece, point));
    const [best] = ways.map((by) => ({ id, by, distance: length(by) })).sort((a, b) => a.distance - b.distance);
    return best && best.distance <= reach ? [best] : [];
  });
  return near.sort((a, b) => a.distance - b.distance);
}

/** Vitals move at the same time: the farthest way counts. */
function length(by: Scores): number {
  return Math.max(0, ...Object.values(by).map(Math.abs));
}

function without(box: Box, others: readonly Box[]): Box[] {
  return others.reduce<Box[]>((pieces, other) => pieces.flatMap((piece) => outside(piece, other)), [box]);
}
