import { type Event, type Light, type Subject, type Verdict, vitals } from "../protocol";
import type { Window } from "./timeline";

/** A stretch of time with one light; `unknown` before anything was told. */
export type Stretch = { from: number; to: number; light: Light | "unknown" };

/** The light of a subject over a window: what it was at its beginning, and each change. */
export function lightStretches(
  start: Subject | undefined,
  events: readonly Event[],
  window: Window,
  until: number,
): Stretch[] {
  const stretches: Stretch[] = [];
  let current: Stretch = { from: window.from, to: window.from, light: start?.light ?? "unknown" };
  for (const event of events) {
    if (event.kind !== "levels") continue;
    const at = Math.max(window.from, Date.parse(event.at));
    const light = lightOf(event.verdict);
    if (light === current.light || at > until) continue;
    if (at > current.from) stretches.push({ ...current, to: at });
    current = { from: at, to: at, light };
  }
  const end = Math.min(until, window.to);
  return end > current.from ? [...stretches, { ...current, to: end }] : stretches;
}

/** The light that a verdict means: black when nothing is known now, else the worst level. */
export function lightOf(verdict: Verdict): Light {
  const all = vitals.flatMap((vital) => verdict[vital] ?? []);
  if (all.every((vital) => vital.stale)) return "black";
  if (all.some((vital) => vital.level === "BLOCK")) return "red";
  return all.some((vital) => vital.level === "WARN") ? "yellow" : "green";
}
