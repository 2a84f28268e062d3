import type { HistoryPoint } from "../../src/protocol";

/** A past that looks alive and is the same in every run: waves, and a rise of pain at the end. */
export function waves(from: Date, to: Date, step: number): HistoryPoint[] {
  const points: HistoryPoint[] = [];
  const start = Math.ceil(from.getTime() / 1_000 / step) * step;
  const end = to.getTime() / 1_000;
  for (let at = start; at < end - 1; at += step) {
    const left = (end - at) / (end - start);
    const wave = (period: number, phase: number) => Math.sin((at / (end - start)) * period * 6.28 + phase);
    const bucket = (value: number, spread: number) => {
      const within = (score: number) => Math.min(1, Math.max(0, score));
      return {
        last: within(value),
        avg: within(value),
        min: within(value - spread),
        max: within(value + spread),
        count: step,
      };
    };
    const noise = (seed: number) => 0.5 - ((Math.sin(at * seed) * 43_758.5453) % 1);
    points.push({
      at: new Date(at * 1_000).toISOString(),
      clarity: bucket(0.78 + 0.04 * wave(3, 0) + 0.012 * noise(1.1), 0.012),
      chaos: bucket(0.5 + 0.09 * wave(2, 1) + 0.02 * noise(2.3), 0.02),
      trust: bucket(0.77 + 0.05 * wave(1, 2) + 0.01 * noise(3.7), 0.008),
      pain: bucket(0.33 + 0.05 * wave(4, 3) + Math.max(0, 0.25 - left) * 1.9 + 0.01 * noise(5.9), 0.015),
    });
  }
  return points;
}
