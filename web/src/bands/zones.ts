import type { Band, Edge, Priority, Side, Vital } from "../protocol";

export type ZoneKind = "ok" | "warn" | "block" | "critical";

/** A stretch of [0, 1] with one meaning. */
export type Zone = { from: number; to: number; kind: ZoneKind; side?: Side };

const kinds: Record<Priority, ZoneKind> = { P2: "warn", P1: "block", P0: "critical" };

/** The zones of a band, from 0 to 1 without gaps. */
export function zones(band: Band): Zone[] {
  const outward = (side: Side, sign: 1 | -1) =>
    band.edges.filter((edge) => edge.side === side).sort((a, b) => sign * (a.at - b.at));
  const lows = outward("low", -1);
  const highs = outward("high", 1);
  const low = lows.map(
    (edge, i): Zone => ({ from: lows[i + 1]?.at ?? 0, to: edge.at, kind: kinds[edge.priority], side: "low" }),
  );
  const high = highs.map(
    (edge, i): Zone => ({ from: edge.at, to: highs[i + 1]?.at ?? 1, kind: kinds[edge.priority], side: "high" }),
  );
  return [...low.reverse(), { ...okZone(band), kind: "ok" }, ...high];
}

/** The part of [0, 1] in which all is well. */
export function okZone(band: Band): { from: number; to: number } {
  const at = (side: Side) => band.edges.filter((edge) => edge.side === side).map((edge) => edge.at);
  return { from: Math.max(0, ...at("low")), to: Math.min(1, ...at("high")) };
}

function isBeyond(edge: Edge, value: number): boolean {
  if (value === edge.at) return edge.inclusive;
  return edge.side === "high" ? value > edge.at : value < edge.at;
}

/** The most urgent edge that `value` is beyond; none while it is OK. */
export function edgeBeyond(band: Band, value: number): Edge | undefined {
  return band.edges.filter((edge) => isBeyond(edge, value)).sort((a, b) => a.priority.localeCompare(b.priority))[0];
}

export function bandOf(bands: readonly Band[], vital: Vital): Band | undefined {
  return bands.find((band) => band.vital === vital);
}
