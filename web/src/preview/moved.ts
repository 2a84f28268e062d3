import type { Band, Edge } from "../protocol";

/** Edges that stand elsewhere, each by the name of its rule. */
export type Moved = Readonly<Record<string, number>>;

/** A hundredth is the finest that anybody means when they drag. */
const STEP = 0.01;

/** The band as it would be with some edges elsewhere. */
export function withMoved(band: Band, moved: Moved): Band {
  return { ...band, edges: band.edges.map((edge) => ({ ...edge, at: moved[edge.rule] ?? edge.at })) };
}

/** Where an edge may stand: between its neighbours, so that no zone turns inside out. */
export function roomOf(band: Band, edge: Edge): { min: number; max: number } {
  const others = band.edges.filter(({ rule }) => rule !== edge.rule);
  const below = others.filter(({ at }) => at < edge.at).map(({ at }) => at + STEP);
  const above = others.filter(({ at }) => at > edge.at).map(({ at }) => at - STEP);
  return { min: Math.max(0, ...below), max: Math.min(1, ...above) };
}

/** The place nearest to `value` at which the edge may stand. */
export function placeFor(band: Band, edge: Edge, value: number): number {
  const { min, max } = roomOf(band, edge);
  const rounded = Math.round(value / STEP) * STEP;
  return Number(Math.min(Math.max(rounded, min), max).toFixed(3));
}
