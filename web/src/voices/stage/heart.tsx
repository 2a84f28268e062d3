import { edge } from "../../language/format";
import { words } from "../../language/language";
import type { Chorus, VoiceRule } from "../../protocol";
import { nameOf } from "../../rules/rules";
import type { Watch } from "../../watch/watch";
import { arc, chord } from "./wave";

/** From here on Iskra synthesizes. */
export const SYNTHESIS_FROM = 0.8;
const READINESS_RADIUS = 104;
const TICK_ANGLE = SYNTHESIS_FROM * 360;

type Props = { watch: Watch; chorus: Chorus | undefined; rules: readonly VoiceRule[] };

/** The middle: all voices as one sound, how much they agree, how near they are to a synthesis; and the tone below. */
export function Heart({ watch, chorus, rules }: Props) {
  const text = words.value.voices;
  const tone = watch.state.value?.tone;
  const readiness = chorus?.synthesis_readiness ?? 0;
  return (
    <g class="heart" data-ready={readiness >= SYNTHESIS_FROM || undefined}>
      {chorus && <path class="heart-chord" d={chord(rules, chorus, 82, 8)} />}
      <path class="heart-scale" d={arc(READINESS_RADIUS, 1)} />
      <path class="heart-readiness" d={arc(READINESS_RADIUS, readiness)} />
      <path class="heart-tick" d="M0 -98V-111" transform={`rotate(${TICK_ANGLE})`} />
      <g text-anchor="middle">
        <text class="heart-harmony" y="8">
          {chorus ? edge(chorus.harmony) : "—"}
        </text>
        <text class="heart-word" y="-34">
          {text.harmony}
        </text>
        <text class="heart-word heart-synthesis" y="32">
          {text.synthesis}
        </text>
        <text class="heart-figure" y="51">
          {chorus ? edge(readiness) : "—"}
        </text>
        <text class="stage-word" y="224">
          {words.value.happenings.kinds.tone}
        </text>
        <text class="stage-tone" y="247">
          {tone ? nameOf("tones", tone.tone) : "—"}
        </text>
      </g>
    </g>
  );
}
