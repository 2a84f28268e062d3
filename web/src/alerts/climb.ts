import type { Alert } from "../protocol";

/** A step of a chain: who, by which ways, and when it was taken, or will be if nobody reacts; milliseconds since 1970. */
export type Step = { role: string; channels: string[]; takenAt: number | undefined; dueAt: number | undefined };

/** How an alert climbs. It stands still while it is held or somebody has acknowledged it, and when it is over. */
export type Climb = {
  steps: Step[];
  state: "climbing" | "at-the-top" | "held" | "acknowledged" | "over";
  /** When it no longer stands still, if it still fires then; nothing when that is never. */
  until: number | undefined;
};

/** Who was told of an alert and who is next; nothing where there is no chain. The engine counts in the same way. */
export function climbOf({ escalation, notification, acknowledged, state }: Alert): Climb | undefined {
  if (!escalation || escalation.chain.length === 0) return undefined;
  const { chain, taken = [], step, acknowledge_timeout_seconds: timeout = 0 } = escalation;
  const told = notification.status === "sent" ? Date.parse(notification.at) : undefined;
  const takenAt = (index: number) => {
    const at = taken[index];
    if (at !== undefined) return Date.parse(at);
    return index === 0 ? told : undefined;
  };
  const stillness = (): Pick<Climb, "state" | "until"> => {
    if (state === "resolved" || notification.status === "suppressed") return { state: "over", until: undefined };
    if (notification.status === "held") return { state: "held", until: Date.parse(notification.until) };
    if (acknowledged) {
      const until = timeout > 0 ? Date.parse(acknowledged.at) + timeout * 1_000 : undefined;
      return { state: "acknowledged", until };
    }
    return { state: step < chain.length ? "climbing" : "at-the-top", until: undefined };
  };
  const still = stillness();
  const steps = chain.map(({ role, channels, after_seconds }, index): Step => {
    const isNext = still.state === "climbing" && index === step;
    const before = takenAt(index - 1) ?? told;
    // Each step comes its distance after the one before it.
    const distance = after_seconds - (chain[index - 1]?.after_seconds ?? 0);
    const dueAt = isNext && before !== undefined ? before + distance * 1_000 : undefined;
    return { role, channels, takenAt: index < step ? takenAt(index) : undefined, dueAt };
  });
  return { steps, ...still };
}
