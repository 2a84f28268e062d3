import type { Chorus, VoiceRule } from "../../protocol";

const POINTS = 240;
/** A voice of 440 Hz has eleven waves around its ring, a higher one more. */
const HERTZ_FOR_EACH_WAVE = 40;

/** One wave, from -1 to 1, over a turn of 2π. */
const shapes: Record<string, (turn: number) => number> = {
  sine: Math.sin,
  triangle: (turn) => (2 / Math.PI) * Math.asin(Math.sin(turn)),
  sawtooth: (turn) => 2 * (turn / (2 * Math.PI) - Math.floor(turn / (2 * Math.PI) + 0.5)),
  square: (turn) => Math.sign(Math.sin(turn)),
};

/** How far a voice moves a ring outwards at an angle, from -1 to 1: its sound, drawn. */
function swing(rule: VoiceRule, angle: number): number {
  const shape = shapes[rule.waveform] ?? Math.sin;
  return shape(angle * Math.round(rule.pitch_hertz / HERTZ_FOR_EACH_WAVE));
}

/** The ring of one voice: still when it has no energy, and the more it has, the farther it swings. */
export function ring(rule: VoiceRule, radius: number, amplitude: number): string {
  return closed((angle) => radius + amplitude * swing(rule, angle));
}

/** All voices together as one line, each with as much as it has energy: what the ear would hear. */
export function chord(rules: readonly VoiceRule[], chorus: Chorus, radius: number, amplitude: number): string {
  const parts = rules.map((rule) => ({
    rule,
    energy: chorus.voices.find(({ voice }) => voice === rule.voice)?.energy ?? 0,
  }));
  const loudest = Math.max(1, Math.sqrt(parts.reduce((sum, { energy }) => sum + energy, 0)));
  return closed((angle) => {
    const sum = parts.reduce((sum, { rule, energy }) => sum + energy * swing(rule, angle), 0);
    return radius + (amplitude * sum) / loudest;
  });
}

function closed(radiusAt: (angle: number) => number): string {
  const points = Array.from({ length: POINTS }, (_, index) => {
    const angle = (index / POINTS) * 2 * Math.PI;
    const radius = radiusAt(angle);
    return `${(radius * Math.cos(angle)).toFixed(1)} ${(radius * Math.sin(angle)).toFixed(1)}`;
  });
  return `M${points.join("L")}Z`;
}

/** The part of a disc that lies below a level, from 0 to 1. */
export function filled(radius: number, level: number): string {
  const y = radius * (1 - 2 * Math.min(Math.max(level, 0), 0.9999));
  const x = Math.sqrt(Math.max(0, radius * radius - y * y));
  return `M${(-x).toFixed(1)} ${y.toFixed(1)}A${radius} ${radius} 0 ${y < 0 ? 1 : 0} 0 ${x.toFixed(1)} ${y.toFixed(1)}Z`;
}

/** A ring that is full at 1, drawn clockwise from the top. It grows by half a degree: less is not seen. */
export function arc(radius: number, share: number): string {
  const turn = (Math.min(Math.max(Math.round(share * 720), 0), 719.9) / 720) * 2 * Math.PI;
  const end = `${(radius * Math.sin(turn)).toFixed(2)} ${(-radius * Math.cos(turn)).toFixed(2)}`;
  return `M0 ${-radius}A${radius} ${radius} 0 ${turn > Math.PI ? 1 : 0} 1 ${end}`;
}
