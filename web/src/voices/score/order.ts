import type { VoiceNow, VoiceRule } from "../../protocol";

export const orders = ["rank", "activity"] as const;
export type Order = (typeof orders)[number];

/** The best rank first, or the most active; what is equal stays as the rules have it. */
export function ordered(rules: readonly VoiceRule[], now: readonly VoiceNow[], order: Order): VoiceRule[] {
  const activity = ({ voice }: VoiceRule) => now.find((each) => each.voice === voice)?.activity ?? 0;
  return [...rules].sort((a, b) => (order === "activity" && activity(b) - activity(a)) || a.rank - b.rank);
}
