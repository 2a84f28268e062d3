import { signal } from "@preact/signals";

/** Server time minus this machine's monotonic clock, as of the last frame. */
let offset = Date.now() - performance.now();
let heardAt: number | undefined;

/** The server's clock in milliseconds since 1970, renewed once a second: what ages are counted from. */
export const now = signal(Date.now());

/** The server's clock, this very moment. */
export function serverNow(): number {
  return performance.now() + offset;
}

/** Takes note of what time the server says it is. */
export function hear(serverTime: string): void {
  const time = Date.parse(serverTime);
  if (Number.isNaN(time)) return;
  const isFirst = heardAt === undefined;
  heardAt = performance.now();
  offset = time - heardAt;
  if (isFirst) now.value = serverNow();
}

/** The server's time when it was last heard; nothing before the first frame. */
export function lastHeard(): number | undefined {
  return heardAt === undefined ? undefined : heardAt + offset;
}

/** Keeps `now` going. */
export function startClock(): void {
  setInterval(() => {
    now.value = serverNow();
  }, 1_000);
}
