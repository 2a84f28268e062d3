import { byTheme } from "../styles/tokens";
import { statePaths } from "./state-look";

/** From no trust to full trust: so many colours lie between. */
const STEPS = 24;

export type Colours = {
  /** By the look of a state. */
  states: string[];
  /** By trust, from 0 to 1. */
  trust: string[];
  ink: string;
  ink2: string;
  ink3: string;
  line: string;
  line2: string;
  surface: string;
  past: string;
  seam: string;
};

/** What the phase portrait is drawn in. */
export const canvasColours = byTheme<Colours>((token) => {
  const ramp = [0, 1, 2, 3, 4].map((stop) => channels(token(`trust-${stop}`)));
  return {
    states: statePaths.map((_, look) => token(`state-${look}`)),
    trust: Array.from({ length: STEPS }, (_, step) => between(ramp, step / (STEPS - 1))),
    ink: token("ink"),
    ink2: token("ink-2"),
    ink3: token("ink-3"),
    line: token("line"),
    line2: token("line-2"),
    surface: token("surface"),
    past: token("past"),
    seam: token("seam"),
  };
});

export function trustColour({ trust }: Colours, score: number | undefined): string {
  return trust[Math.round((score ?? 0) * (STEPS - 1))] as string;
}

function channels(hex: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

function between(ramp: number[][], share: number): string {
  const at = Math.min(share * (ramp.length - 1), ramp.length - 1 - 1e-9);
  const [low, high] = [ramp[Math.floor(at)] as number[], ramp[Math.floor(at) + 1] as number[]];
  const mixed = low.map((channel, i) => Math.round(channel + (at % 1) * ((high[i] as number) - channel)));
  return `rgb(${mixed.join(" ")})`;
}
