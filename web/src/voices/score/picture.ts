import { type ReadonlySignal, useComputed } from "@preact/signals";
import { serverNow } from "../../clock";
import type { Event, Voice } from "../../protocol";
import { voices } from "../../protocol";
import type { Watch } from "../../watch/watch";
import { symbolsOf } from "../symbol-events";
import { type Awake, activations, type Toned, tones } from "./activations";
import { type Heard, heardOf, steps } from "./activity";

/** The last step is drawn so far beyond what was told: the window cuts it off. */
const BEYOND_MS = 7 * 86_400_000;

/** What the lanes show: worked out when something has happened, not when time has passed. */
export type Picture = {
  /** Where the steps begin, in milliseconds since 1970: nothing is known of the time before. */
  base: number;
  /** Whether what can be known is there. */
  isSettled: boolean;
  heard: readonly Heard[];
  steps: ReadonlyMap<Voice, string>;
  awake: readonly Awake[];
  tones: readonly Toned[];
  symbols: readonly Event<"symbol">[];
};

export function usePicture(watch: Watch): ReadonlySignal<Picture> {
  return useComputed(() => {
    const happenings = watch.happenings.value;
    const events = happenings?.events.value ?? [];
    const start = happenings?.start.value;
    const from = happenings?.from ?? 0;
    const isWhole = happenings?.isWhole("chorus") ?? false;
    const heard = heardOf(isWhole ? start?.chorus : undefined, events, happenings?.allFrom("chorus") ?? 0);
    const base = heard[0]?.at ?? serverNow();
    return {
      base,
      isSettled: happenings !== undefined && happenings.state.value !== "loading",
      heard,
      steps: new Map(voices.map((voice) => [voice, steps(heard, voice, base, serverNow() + BEYOND_MS)])),
      awake: activations(start, events),
      tones: tones(start, events, from),
      symbols: symbolsOf(events),
    };
  });
}
