import type { ReadonlySignal } from "@preact/signals";
import { type RuleNow, type Voice, voices } from "../protocol";

/** Until when a voice that has spoken rests, in milliseconds since 1970. */
export type Cooldown = {
  until: number;
  /** Whether something more urgent may wake it before. */
  mayWake: boolean;
};
export type Cooldowns = ReadonlySignal<ReadonlyMap<Voice, Cooldown>>;

/** What the triggers of each voice wait for. */
export function cooldownsOf(rules: readonly RuleNow[]): Map<Voice, Cooldown> {
  const cooldowns = new Map<Voice, Cooldown>();
  for (const voice of voices) {
    const triggers = rules.filter(({ kind, rule }) => kind === "trigger" && rule.startsWith(`${voice}.`));
    const untils = triggers.flatMap(({ cooldown_until }) => (cooldown_until ? Date.parse(cooldown_until) : []));
    if (untils.length === 0) continue;
    cooldowns.set(voice, { until: Math.max(...untils), mayWake: untils.length < triggers.length });
  }
  return cooldowns;
}
