import { inLanguage, words } from "../language/language";
import type { Alert, Event, Priority } from "../protocol";
import { nameOf, voiceName } from "../rules/rules";

/** Something that happened, as the time bar and the lists show it. */
export type Moment = {
  id: string;
  /** By when it had happened, in milliseconds since 1970. */
  at: number;
  kind: "alert" | Shown["kind"];
  priority?: Priority;
  title: string;
  event?: Shown;
  alert?: Alert;
};

/** Kinds that tell of one moment. The others are states that last, or too many to be told one by one. */
export const momentous = ["seam", "voice", "action", "symbol", "tone", "conflict", "signal", "bifurcation"] as const;
export type Shown = Event<(typeof momentous)[number]>;

/** What happened, in the order of time: each alert when it opened, each event. */
export function moments(events: readonly Event[], alerts: readonly Alert[]): Moment[] {
  const all: Moment[] = alerts.map((alert) => ({
    id: alert.id,
    at: happenedBy(alert.opened_at),
    kind: "alert",
    priority: alert.priority,
    title: inLanguage(alert.summary),
    alert,
  }));
  for (const event of events) {
    if (!isMomentous(event)) continue;
    all.push({ id: event.id, at: happenedBy(event.at), kind: event.kind, title: titleOf(event), event });
  }
  return all.sort((a, b) => a.at - b.at);
}

/** The service counts in microseconds: who goes to this very millisecond would still be before it. */
export function happenedBy(time: string): number {
  return Date.parse(time) + 1;
}

function isMomentous(event: Event): event is Shown {
  return (momentous as readonly string[]).includes(event.kind);
}

/** What happened, in a few words. */
export function titleOf(event: Shown): string {
  const { happenings: text } = words.value;
  const state = (id: string) => nameOf("states", id);
  switch (event.kind) {
    case "seam":
      return text.seam(state(event.seam.from), state(event.seam.to));
    case "voice":
      return event.stood_down
        ? text.stoodDown(voiceName(event.voice), text.endings[event.stood_down])
        : text.activated(voiceName(event.voice));
    case "action":
      return text.action(nameOf("actions", event.action.action));
    case "symbol":
      return text.symbol(event.glyph, voiceName(event.voice));
    case "tone":
      return text.tone(nameOf("tones", event.tone.tone));
    case "conflict": {
      const [one, other] = event.conflict.between.map(voiceName) as [string, string];
      return event.over ? text.conflictOver(one, other) : text.conflict(one, other);
    }
    case "signal":
      return text.signal(event.signal, event.value);
    case "bifurcation":
      return text.bifurcation(event.states.map(state).join(", "));
  }
}

/** Why, in words and numbers; nothing for what explains itself. */
export function reasonOf(event: Shown): string | undefined {
  switch (event.kind) {
    case "seam":
      return event.seam.triggers.map(inLanguage).join("; ") || undefined;
    case "voice":
      return inLanguage(event.activation.reason);
    case "action":
      return inLanguage(event.action.reason);
    case "bifurcation":
      return undefined;
    default:
      return inLanguage(event.reason);
  }
}
