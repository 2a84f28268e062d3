import type { Chorus, Event, Voice, VoiceNow } from "../../protocol";

/** How the voices sounded from a moment on, until the next one. */
export type Heard = { at: number; chorus: Chorus };

/** All that was told of the voices from `from` on, in the order of time; `start` is how they sounded then. */
export function heardOf(start: Chorus | undefined, events: readonly Event[], from: number): Heard[] {
  const heard: Heard[] = start ? [{ at: from, chorus: start }] : [];
  for (const event of events) {
    const at = Date.parse(event.at);
    if (event.kind === "chorus" && at >= from) heard.push({ at, chorus: event.chorus });
  }
  return heard;
}

/** A voice as it sounded at a moment; nothing before anything was told. */
export function heardAt(heard: readonly Heard[], voice: Voice, at: number): VoiceNow | undefined {
  let [low, high] = [0, heard.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((heard[middle] as Heard).at <= at) low = middle + 1;
    else high = middle;
  }
  return heard[low - 1]?.chorus.voices.find((each) => each.voice === voice);
}

/**
 * The activity of a voice as a surface of steps: seconds since `base` to the right, 1 at the top (y = 0).
 * What was told last goes on until `until`.
 */
export function steps(heard: readonly Heard[], voice: Voice, base: number, until: number): string {
  const seconds = (at: number) => ((at - base) / 1_000).toFixed(2);
  let path = "";
  for (const { at, chorus } of heard) {
    const activity = chorus.voices.find((each) => each.voice === voice)?.activity ?? 0;
    path += path === "" ? `M${seconds(at)} 1` : `H${seconds(at)}`;
    path += `V${(1 - activity).toFixed(3)}`;
  }
  return path && `${path}H${seconds(until)}V1Z`;
}
