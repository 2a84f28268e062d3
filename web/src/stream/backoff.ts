const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/** Full jitter: anywhere between nothing and a bound that doubles, so that a thousand pages do not come back at once. */
export function waitBefore(attempt: number, random: () => number = Math.random): number {
  const bound = Math.min(FIRST_MS * 2 ** Math.min(attempt, 16), LONGEST_MS);
  return random() * bound;
}
