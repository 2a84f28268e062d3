/**
 * How far back the charts reach, and how wide a bucket is: 300 to 900 points for each. From an hour on they are multiples
 * of what the service has summed up (10 s, a minute, an hour): less would be read sample by sample.
 */
export const ranges = [
  { name: "5m", seconds: 300, step: 1 },
  { name: "15m", seconds: 900, step: 1 },
  { name: "1h", seconds: 3_600, step: 10 },
  { name: "6h", seconds: 21_600, step: 30 },
  { name: "24h", seconds: 86_400, step: 120 },
  { name: "7d", seconds: 604_800, step: 900 },
] as const;

export type Range = (typeof ranges)[number];
