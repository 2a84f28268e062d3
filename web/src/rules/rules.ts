import { signal } from "@preact/signals";
import { inLanguage, words } from "../language/language";
import type { Config, Voice, VoiceRule } from "../protocol";

export const UNKNOWN = "UNKNOWN";

/** The rules in force, as the service told them last. */
export const config = signal<Config | undefined>(undefined);

/** The name of a state, tone, action or symbol in the chosen language; its id while the rules are not known. */
export function nameOf(kind: "states" | "tones" | "actions" | "symbols", id: string): string {
  // The state that holds when none of the rules does.
  if (id === UNKNOWN) return words.value.notNow;
  // The tone that no rule makes.
  if (kind === "tones" && id === "neutral") return words.value.neutral;
  const rule = config.value?.[kind]?.find((rule) => rule.id === id);
  return rule ? inLanguage(rule.name) : id;
}

export function voiceRule(voice: Voice): VoiceRule | undefined {
  return config.value?.voices?.find((rule) => rule.voice === voice);
}

export function voiceName(voice: Voice): string {
  const rule = voiceRule(voice);
  return rule ? inLanguage(rule.name) : voice;
}
