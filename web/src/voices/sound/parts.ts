import type { Chorus, Voice, VoiceRule } from "../../protocol";
import { places, RADIUS } from "../stage/place";

/** What one voice sounds like at a moment. */
export type Part = {
  voice: Voice;
  hertz: number;
  waveform: OscillatorType;
  /** From 0 (silent) on; all seven together stay below 1. */
  gain: number;
  /** From left (-1) to right (1): each sounds from where it stands on the page. */
  pan: number;
  detuneCents: number;
};

const waveforms: readonly string[] = ["sine", "square", "sawtooth", "triangle"];
/** Waves of the same height are not equally loud. */
const loudness: Record<string, number> = { sine: 1, triangle: 0.9, square: 0.35, sawtooth: 0.4 };
const MOST = 1 / 7;
/** A voice that sounds but is not active stays in the background. */
const BACKGROUND = 0.3;
/** Two voices of one pitch would melt into one: the second is a little higher, so that they beat once a second. */
const APART_CENTS = 4;
/** Voices in conflict rub: they are pulled apart, the stronger the conflict the farther. */
const RUB_CENTS = 24;

/** The parts of all voices in what is heard of a chorus. */
export function parts(rules: readonly VoiceRule[], chorus: Chorus | undefined): Part[] {
  const standing = places(rules);
  return rules.map((rule, index) => {
    const { voice, pitch_hertz, waveform } = rule;
    const now = chorus?.voices.find((each) => each.voice === voice);
    const strength = now?.active ? (now.mood === "leading" ? 1 : 0.75) : BACKGROUND;
    const twins = rules.slice(0, index).filter((other) => other.pitch_hertz === pitch_hertz).length;
    return {
      voice,
      hertz: pitch_hertz,
      waveform: waveforms.includes(waveform) ? (waveform as OscillatorType) : "sine",
      // Hearing is not linear: twice the energy must not sound only a little louder.
      gain: MOST * strength * (now?.energy ?? 0) ** 2 * (loudness[waveform] ?? 1),
      pan: (standing.get(voice)?.x ?? 0) / RADIUS,
      detuneCents: twins * APART_CENTS + rub(voice, chorus),
    };
  });
}

function rub(voice: Voice, chorus: Chorus | undefined): number {
  return (chorus?.conflicts ?? []).reduce((cents, { between, intensity }) => {
    const side = between.indexOf(voice);
    return side === -1 ? cents : cents + (side === 0 ? -0.5 : 0.5) * RUB_CENTS * intensity;
  }, 0);
}

/** How bright it all sounds, in hertz: a harmonious chorus is open, one without harmony is dull. */
export function brightness(chorus: Chorus | undefined): number {
  return 500 + 2_000 * (chorus?.harmony ?? 0);
}
