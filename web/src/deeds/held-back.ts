import type { RuleNow } from "../protocol";

/** Something that the engine would have done, and why it did not; times in milliseconds since 1970. */
export type HeldBack = { kind: string; rule: string; why: string; at: number; until: number | undefined };

/** What was held back after `from`, the latest first: of each rule the last time, for no more is known. */
export function heldBack(rules: readonly RuleNow[], from: number): HeldBack[] {
  const held = rules.flatMap(({ kind, rule, suppressed, cooldown_until }): HeldBack[] => {
    if (!suppressed) return [];
    // Of the other reasons the end of the cooldown says nothing.
    const until = suppressed.why === "cooldown" && cooldown_until ? Date.parse(cooldown_until) : undefined;
    return [{ kind, rule, why: suppressed.why, at: Date.parse(suppressed.at), until }];
  });
  return held.filter(({ at }) => at >= from).sort((a, b) => b.at - a.at);
}
