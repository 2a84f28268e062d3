import { useEffect, useState } from "preact/hooks";

/** What the service answers only when it is asked: the last answer, or that there is none. */
export type Polled<T> = { state: "loading" } | { state: "known"; answer: T } | { state: "missing" };

/**
 * Asks again and again while the page is looked at: every `everyMs`, and at once when `occasion` changes. An answer
 * counts for its `subject` only. While it is not `isAsked` the last one stands.
 */
export function usePolled<T>(
  subject: string | undefined,
  isAsked: boolean,
  occasion: string,
  everyMs: number,
  ask: (subject: string, signal: AbortSignal) => Promise<T>,
): Polled<T> {
  const [known, setKnown] = useState<{ of: string; polled: Polled<T> }>();
  useEffect(() => {
    if (subject === undefined || !isAsked) return;
    const asking = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = async () => {
      if (!document.hidden) {
        const polled = await ask(subject, asking.signal).then(
          (answer): Polled<T> => ({ state: "known", answer }),
          (): Polled<T> => ({ state: "missing" }),
        );
        if (asking.signal.aborted) return;
        setKnown({ of: subject, polled });
      }
      timer = setTimeout(() => void again(), everyMs);
    };
    void again();
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [subject, isAsked, occasion]);
  return known && known.of === subject ? known.polled : { state: "loading" };
}
