import { useEffect, useState } from "preact/hooks";

const LOOK_EVERY_MS = 250;

/** How many milliseconds are left until a moment of the monotonic clock. */
export function useLeft(at: number | undefined): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (at === undefined) return setLeft(0);
    const tick = () => setLeft(Math.max(0, at - performance.now()));
    tick();
    const timer = setInterval(tick, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [at]);
  return left;
}
