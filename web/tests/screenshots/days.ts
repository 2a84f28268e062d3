import type { APIRequestContext } from "@playwright/test";
import type { Sample } from "../../src/protocol";
import { urls } from "../support/suite";

const HERTZ = 4;
type Mood = Pick<Sample, "clarity" | "chaos" | "trust" | "pain" | "signals">;

/** How a subject fares, one mood after the other. */
const moods: Record<string, Mood> = {
  well: { clarity: 0.79, chaos: 0.46, trust: 0.82, pain: 0.29 },
  flowing: { clarity: 0.76, chaos: 0.5, trust: 0.86, pain: 0.24 },
  rigid: { clarity: 0.88, chaos: 0.16, trust: 0.8, pain: 0.24 },
  drifting: { clarity: 0.66, chaos: 0.66, trust: 0.62, pain: 0.46, signals: { drift: 0.4, complexity: 0.7 } },
  chaotic: { clarity: 0.57, chaos: 0.76, trust: 0.57, pain: 0.52, signals: { truth_violations: 1, drift: 0.4 } },
  suffering: { clarity: 0.6, chaos: 0.72, trust: 0.45, pain: 0.74, signals: { accuracy: 0.7, truth_violations: 1 } },
};

/** What happens to each within the two minutes that are pictured, in equal parts. */
const stories: Record<string, (keyof typeof moods)[]> = {
  "agent-7": ["well", "rigid", "flowing", "drifting", "chaotic", "suffering", "drifting", "well"],
  "support-bot": ["well", "well", "drifting", "chaotic", "chaotic", "suffering", "suffering", "suffering"],
  "research-crew": ["flowing", "well", "rigid", "rigid", "rigid", "rigid", "rigid", "rigid"],
  payments: ["well", "flowing", "well", "well", "flowing", "flowing", "flowing", "well"],
  "night-shift": ["drifting", "drifting", "well", "well", "flowing", "well", "drifting", "drifting"],
  tutor: ["flowing", "flowing", "flowing", "well", "well", "flowing", "flowing", "flowing"],
};

/** Sends two eventful minutes as producers would, at the pace of life. */
export async function liveThrough(request: APIRequestContext, seconds: number): Promise<void> {
  const began = Date.now();
  let tick = 0;
  while (Date.now() - began < seconds * 1_000) {
    const share = (Date.now() - began) / (seconds * 1_000);
    const samples = Object.entries(stories).map(([subject, parts], i) => {
      const place = Math.min(share * parts.length, parts.length - 0.001);
      const [mood, next] = [parts[Math.floor(place)], parts[Math.min(Math.floor(place) + 1, parts.length - 1)]];
      // The last fifth of each part passes over into the next.
      const over = Math.max(0, (place % 1) - 0.8) * 5;
      return { subject, ...between(moods[mood ?? "well"] ?? {}, moods[next ?? "well"] ?? {}, over, tick + 17 * i) };
    });
    await request.post(new URL("api/v1/samples", urls.pulse).href, { data: samples });
    tick += 1;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, began + (tick * 1_000) / HERTZ - Date.now())));
  }
}

/** A mood on its way to another, never quite still. */
function between(from: Mood, to: Mood, share: number, tick: number): Mood {
  const mix = (vital: "clarity" | "chaos" | "trust" | "pain", period: number) => {
    const [a, b] = [from[vital] ?? 0, to[vital] ?? 0];
    const tremble = 0.012 * Math.sin(tick / period) + 0.006 * Math.sin(tick * 1.7 + period);
    return Number(Math.min(1, Math.max(0, a + (b - a) * share + tremble)).toFixed(3));
  };
  const signals = share > 0.5 ? to.signals : from.signals;
  return {
    clarity: mix("clarity", 5),
    chaos: mix("chaos", 4),
    trust: mix("trust", 7),
    pain: mix("pain", 3),
    ...(signals && { signals }),
  };
}
