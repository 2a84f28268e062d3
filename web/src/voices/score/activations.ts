import type { Activation, Event, Subject, ToneNow, Voice } from "../../protocol";

/** A stretch of time during which a voice was active. */
export type Awake = {
  voice: Voice;
  activation: Activation;
  /** Milliseconds since 1970; without `to` it goes on. */
  from: number;
  to?: number;
  /** The event that explains it; nothing when that lies before the window. */
  event?: string;
};

/** The activations within a window: those that were there when it began, and those that came. */
export function activations(start: Subject | undefined, events: readonly Event[]): Awake[] {
  const all = new Map<string, Awake>();
  for (const { voice, active } of start?.chorus?.voices ?? []) {
    if (active) all.set(active.id, { voice, activation: active, from: Date.parse(active.since) });
  }
  for (const event of events) {
    if (event.kind !== "voice") continue;
    const { voice, activation } = event;
    const known = all.get(activation.id) ?? { voice, activation, from: Date.parse(activation.since) };
    const to = event.stood_down ? Date.parse(event.at) : known.to;
    all.set(activation.id, { ...known, event: known.event ?? event.id, ...(to !== undefined && { to }) });
  }
  return [...all.values()];
}

/** A stretch of time with one tone. */
export type Toned = { tone: ToneNow; from: number; to?: number; event?: string };

/** The tones within a window that begins at `from`; what is known of the time before it does not count. */
export function tones(start: Subject | undefined, events: readonly Event[], from: number): Toned[] {
  const all: Toned[] = start?.tone ? [{ tone: start.tone, from }] : [];
  for (const event of events) {
    const at = Date.parse(event.at);
    if (event.kind !== "tone" || at < from) continue;
    const before = all.at(-1);
    if (before) before.to = at;
    all.push({ tone: event.tone, from: at, event: event.id });
  }
  return all;
}
