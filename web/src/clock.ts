import { computed, signal } from "@preact/signals";

/** Server time minus this machine's monotonic clock, as of the last frame. */
let offset = Date.now() - performance.now();
let heardAt: number | undefined;

/** The server's clock in milliseconds since 1970, renewed once a second. */
export const present = signal(Date.now());
/** The moment of the past that the page shows; nothing while it shows the present. */
export const shownAt = signal<number | undefined>(undefined);
/** The moment that the page shows, whichever it is: what ages are counted from. */
export const now = computed(() => shownAt.value ?? present.value);

/** The server's clock, this very moment. */
export function serverNow(): number {
  return performance.now() + offset;
}

/** The moment that the page shows, as exactly as it is known. */
export function shownNow(): number {
  return shownAt.peek() ?? serverNow();
}

/** Takes note of what time the server says it is. */
export function hear(serverTime: string): void {
  const time = Date.parse(serverTime);
  if (Number.isNaN(time)) return;
  const isFirst = heardAt === undefined;
  heardAt = performance.now();
  offset = time - heardAt;
  if (isFirst) present.value = serverNow();
}

/** The server's time when it was last heard; nothing before the first frame. */
export function lastHeard(): number | undefined {
  return heardAt === undefined ? undefined : heardAt + offset;
}

/** Keeps `present` going. */
export function startClock(): void {
  setInterval(() => {
    present.value = serverNow();
  }, 1_000);
}
