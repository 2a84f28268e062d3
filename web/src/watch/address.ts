import { effect } from "@preact/signals";
import { shownAt } from "../clock";
import { type Range, ranges } from "../history/ranges";
import { isWall } from "../wall/is-wall";
import type { Watch } from "../watch/watch";

/** What an address says: whom to show, and when. */
export type Place = {
  subject: string | undefined;
  /** Milliseconds since 1970. */
  at: number | undefined;
  /** How fast to play on from there; without it the moment stands still. */
  speed: number | undefined;
  range: Range | undefined;
};

export function placeInAddress(query = new URLSearchParams(location.search)): Place {
  const at = Date.parse(query.get("at") ?? "");
  const speed = Number(query.get("speed"));
  const named = ranges.find(({ name }) => name === query.get("range"));
  return {
    subject: query.get("subject") || undefined,
    at: Number.isNaN(at) ? undefined : at,
    speed: speed > 0 ? Math.min(speed, 1_000) : undefined,
    range: named,
  };
}

/** The address of what is shown, for others to see the same. */
export function permalink(watch: Watch, at = shownAt.peek()): string {
  const { timeline } = watch;
  const query = new URLSearchParams();
  if (isWall.peek()) query.set("wall", "");
  const subject = watch.subject.peek();
  if (subject !== undefined) query.set("subject", subject);
  if (at !== undefined) {
    query.set("at", new Date(at).toISOString());
    query.set("range", timeline.range.peek().name);
    if (timeline.isPlaying.peek()) query.set("speed", String(timeline.speed.peek()));
  }
  return `?${query}`;
}

/** Keeps the address of the page what it shows. While it plays the address stands still: it would change all the time. */
export function keepAddress(watch: Watch): void {
  effect(() => {
    const mode = watch.timeline.mode.value;
    watch.subject.value;
    watch.timeline.range.value;
    if (mode === "paused") shownAt.value;
    if (mode !== "live" || new URLSearchParams(location.search).has("at")) {
      history.replaceState(null, "", permalink(watch));
    }
  });
}
