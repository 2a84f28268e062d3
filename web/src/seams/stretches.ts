import type { Event, Subject } from "../protocol";
import type { Window } from "../time/timeline";

export type SeamEvent = Event<"seam">;
/** A stretch of time in one state; without one where nothing is known. */
export type StateStretch = { from: number; to: number; state: string | undefined };
/** A transition from one state to another, and how often it happened. */
export type Transition = { from: string; to: string; count: number };

/**
 * The state of a subject over a window: what it was at its beginning, and each seam since. A state begins a little before
 * its seam is drawn, which waits until it has lasted.
 */
export function stateStretches(
  start: Subject | undefined,
  seams: readonly SeamEvent[],
  window: Window,
  until: number,
): StateStretch[] {
  const stretches: StateStretch[] = [];
  let current: StateStretch = { from: window.from, to: window.from, state: start?.state?.state };
  for (const { seam } of seams) {
    const at = Math.max(window.from, Date.parse(seam.at));
    if (at > until) break;
    if (at > current.from) stretches.push({ ...current, to: at });
    current = { from: at, to: at, state: seam.to };
  }
  const end = Math.min(until, window.to);
  return end > current.from ? [...stretches, { ...current, to: end }] : stretches;
}

/** How often each transition happened. */
export function transitions(seams: readonly SeamEvent[]): Transition[] {
  const all = new Map<string, Transition>();
  for (const { seam } of seams) {
    const key = `${seam.from} ${seam.to}`;
    const known = all.get(key) ?? { from: seam.from, to: seam.to, count: 0 };
    all.set(key, { ...known, count: known.count + 1 });
  }
  return [...all.values()];
}

/** The seam by which the subject came into the state that it has at `at`. */
export function seamBefore(seams: readonly SeamEvent[], at: number): SeamEvent | undefined {
  return seams.findLast((event) => Date.parse(event.at) <= at);
}
