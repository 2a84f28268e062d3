import type { Alert, Budget, Burn } from "../protocol";

/** Less than this of a budget left is little. */
const LITTLE = 0.25;

/** Seconds outside the OK zone that the measured time allows, and how many of them are left: below 0 it is overdrawn. */
export function allowance({ objective, good_seconds, bad_seconds }: Budget): { seconds: number; left: number } {
  // Without what binary fractions leave over: 15 minutes must not become 14.
  const seconds = Math.round((good_seconds + bad_seconds) * (1 - objective) * 1_000) / 1_000;
  return { seconds, left: seconds - bad_seconds };
}

/** How good a budget looks. */
export function lookOf({ remaining_ratio }: Budget): "ok" | "warn" | "block" {
  if (remaining_ratio <= 0) return "block";
  return remaining_ratio < LITTLE ? "warn" : "ok";
}

/** The burn to tell of in few words: the one that alerts, else the one that looks back the least, for that is now. */
export function tellingBurn({ burns }: Budget): { burn: Burn; rate: number | undefined } | undefined {
  const burn = burns.find(({ firing }) => firing) ?? burns.toSorted((a, b) => a.short_seconds - b.short_seconds)[0];
  return burn && { burn, rate: burn.short };
}

/** Whether an alert is about a budget: it has a vital, and no side of its band. */
export const isOfBudget = ({ vital, side }: Alert): boolean => vital !== undefined && side === undefined;
