const waiting = new Set<() => void>();
/** Hidden pages draw no pictures, but their title still tells what is going on. */
const HIDDEN_MS = 1_000;

/** Calls `work` before the browser draws its next picture, once however often it is asked. */
export function onNextFrame(work: () => void): void {
  waiting.add(work);
  if (waiting.size > 1) return;
  const run = () => {
    const all = [...waiting];
    waiting.clear();
    for (const each of all) each();
  };
  if (document.hidden) setTimeout(run, HIDDEN_MS);
  else requestAnimationFrame(run);
}

// A picture that was asked for before the page was hidden would not come.
document.addEventListener("visibilitychange", () => {
  const all = [...waiting];
  waiting.clear();
  for (const each of all) each();
});
