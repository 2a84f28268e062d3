import { edge } from "../../language/format";
import { words } from "../../language/language";
import type { Chorus, Voice } from "../../protocol";
import { voiceName } from "../../rules/rules";
import type { Watch } from "../../watch/watch";
import type { Cooldowns } from "../cooldowns";
import { hueOf } from "../hue";
import { Flashes } from "./flashes";
import { Heart } from "./heart";
import { Links } from "./links";
import { places } from "./place";
import { VoiceNode } from "./voice-node";

type Props = { watch: Watch; cooldowns: Cooldowns };

/** The polyphony: who sounds, how strongly, with whom and against whom, and how all of it sounds together. */
export function Stage({ watch, cooldowns }: Props) {
  const rules = watch.config.value?.voices ?? [];
  const chorus = watch.state.value?.chorus;
  const standing = places(rules);
  const tone = watch.state.value?.tone;
  return (
    <div class="stage" style={{ "--hue": tone?.voice && hueOf(tone.voice) }} data-tone={tone?.voice}>
      <svg viewBox="-380 -314 760 572" role="img" aria-label={chorus ? summary(chorus) : words.value.voices.unheard}>
        <circle class="stage-circle" r="200" />
        <Links chorus={chorus} places={standing} />
        <Heart watch={watch} chorus={chorus} rules={rules} />
        {rules.map((rule) => (
          <VoiceNode
            key={rule.voice}
            rule={rule}
            now={chorus?.voices.find(({ voice }) => voice === rule.voice)}
            place={standing.get(rule.voice) ?? { x: 0, y: 0 }}
            cooldowns={cooldowns}
          />
        ))}
        <Flashes watch={watch} places={standing} />
      </svg>
    </div>
  );
}

/** Who speaks, in one sentence. */
export function sentence(chorus: Chorus): string {
  const text = words.value.voices;
  const others = chorus.voices.filter(({ voice, active }) => active && voice !== chorus.leader);
  const names = others.map(({ voice }): string => voiceName(voice as Voice));
  if (chorus.leader) return text.leads(voiceName(chorus.leader), names);
  return names.length === 0 ? text.quiet : text.speak(names);
}

function summary(chorus: Chorus): string {
  const text = words.value.voices;
  return `${sentence(chorus)}. ${text.harmony}: ${edge(chorus.harmony)}. ${text.readiness}: ${edge(chorus.synthesis_readiness)}.`;
}
