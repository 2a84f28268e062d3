import { words } from "../language/language";
import { Shell } from "../shell/shell";
import { Headline } from "../subject/headline";
import { FirstSample } from "../try-it/first-sample";
import type { Watch } from "../watch/watch";
import { Relations } from "./relations";
import { Score } from "./score/score";
import { SoundControl } from "./sound/sound-control";
import { Stage, sentence } from "./stage/stage";
import { Symbols } from "./symbols";
import { useCooldowns } from "./use-cooldowns";

/** Who speaks, in what tone, and whether they agree. */
export function VoicesPage({ watch }: { watch: Watch }) {
  const subject = watch.subject.value;
  const chorus = watch.state.value?.chorus;
  const isEmpty = watch.isKnown.value && subject === undefined;
  const headline = chorus && !watch.isFrozen.value ? sentence(chorus) : undefined;
  return (
    <Shell page="voices" watch={watch} headline={[headline, subject].filter(Boolean).join(" · ")}>
      {isEmpty && <FirstSample watch={watch} page="voices" />}
      {subject !== undefined && <Polyphony key={subject} watch={watch} />}
    </Shell>
  );
}

function Polyphony({ watch }: { watch: Watch }) {
  const cooldowns = useCooldowns(watch);
  const chorus = watch.state.value?.chorus;
  return (
    <div class="voices" data-still={watch.isFrozen.value || watch.timeline.mode.value === "paused" || undefined}>
      <Headline watch={watch} page="voices" />
      <section class="polyphony" aria-label={words.value.voices.polyphony}>
        <header class="polyphony-head">
          <h3>{chorus ? sentence(chorus) : words.value.voices.unheard}</h3>
          <SoundControl watch={watch} />
        </header>
        <Stage watch={watch} cooldowns={cooldowns} />
        <Relations chorus={chorus} />
      </section>
      <Score watch={watch} cooldowns={cooldowns} />
      <Symbols watch={watch} />
    </div>
  );
}
