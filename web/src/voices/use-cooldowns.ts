import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { fetchExplanation } from "../api";
import type { Voice } from "../protocol";
import type { Watch } from "../watch/watch";
import { type Cooldown, type Cooldowns, cooldownsOf } from "./cooldowns";

/** The cooldowns of the chosen subject now: asked for whenever a voice has ended. They are not known of the past. */
export function useCooldowns(watch: Watch): Cooldowns {
  const cooldowns = useSignal<ReadonlyMap<Voice, Cooldown>>(new Map());
  const ended = useComputed(() =>
    watch.timeline.mode.value !== "live"
      ? ""
      : (watch.state.value?.chorus?.voices ?? [])
          .flatMap(({ voice, active, last_active }) => (last_active && !active ? `${voice} ${last_active}` : []))
          .join(),
  );
  useSignalEffect(() => {
    const subject = watch.subject.value;
    cooldowns.value = new Map();
    if (subject === undefined || ended.value === "") return;
    const loading = new AbortController();
    fetchExplanation(subject, undefined, loading.signal)
      .then((rules) => {
        cooldowns.value = cooldownsOf(rules);
      })
      // The rings stay away: nothing else depends on them.
      .catch(() => undefined);
    return () => loading.abort();
  });
  return cooldowns;
}
