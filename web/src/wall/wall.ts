import { useEffect } from "preact/hooks";
import { useKeys } from "../keys/keys";
import { words } from "../language/language";
import type { Watch } from "../watch/watch";
import { isWall } from "./is-wall";
import { nextTurn } from "./rotation";

/** How long each subject stays. */
const TURN_MS = 20_000;

/** The key that turns the wall on and off, and what goes on while it is on. */
export function useWall(watch: Watch): void {
  useKeys([{ keys: ["w"], does: () => words.value.keys.wall, run: () => void toggle() }]);
  const isOn = isWall.value;
  useEffect(() => (isOn ? rotate(watch) : undefined), [isOn, watch]);
  useEffect(() => (isOn ? keepAwake() : undefined), [isOn]);
}

async function toggle(): Promise<void> {
  isWall.value = !isWall.peek();
  const query = new URLSearchParams(location.search);
  if (isWall.peek()) query.set("wall", "");
  else query.delete("wall");
  history.replaceState(null, "", `?${query}`);
  // Some browsers have no full screen, or do not grant it: the wall is one without it, too.
  const change = isWall.peek() ? document.documentElement.requestFullscreen?.() : document.exitFullscreen?.();
  await change?.catch(() => undefined);
}

/** One subject after the other; who looks at the past has chosen what to see. */
function rotate(watch: Watch): () => void {
  const timer = setInterval(() => {
    if (watch.timeline.mode.peek() !== "live") return;
    const current = { subject: watch.subject.peek() };
    watch.turnTo(nextTurn(watch.board.subjects.peek().values(), current, watch.hasOverview).subject);
  }, TURN_MS);
  return () => clearInterval(timer);
}

/** The screen does not go dark while somebody might look. */
function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  const ask = () => {
    if (document.hidden) return;
    navigator.wakeLock?.request("screen").then(
      (granted) => {
        lock = granted;
      },
      () => undefined,
    );
  };
  ask();
  // Browsers take the lock back when the page is hidden.
  document.addEventListener("visibilitychange", ask);
  return () => {
    document.removeEventListener("visibilitychange", ask);
    void lock?.release();
  };
}
