import { useEffect, useState } from "preact/hooks";
import { present } from "../clock";
import { span, time } from "../language/format";
import { words } from "../language/language";
import type { Connection } from "../stream/connection";

/** Says, while the page is not live, that what it shows may no longer be true. */
export function LostBanner({ connection }: { connection: Connection }) {
  const text = words.value.connection;
  const state = connection.state.value;
  if (state.kind !== "lost" && state.kind !== "refused") return null;
  const isRefused = state.kind === "refused";
  return (
    <section class="lost-banner" aria-label={text.label}>
      {/* Only this is spoken at once: the rest changes every second. */}
      <strong role="alert">{isRefused ? text.refused : text.lost}</strong>
      {state.since !== undefined && (
        <span>{text.asOf(time(state.since), span((present.value - state.since) / 1_000))}</span>
      )}
      {isRefused ? <span>{text.refusedBecause(state.code)}</span> : <Retry at={state.retryAt} />}
      <button type="button" onClick={() => connection.retryNow()}>
        {text.retryNow}
      </button>
    </section>
  );
}

function Retry({ at }: { at: number | undefined }) {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (at === undefined) return;
    const tick = () => setLeft(Math.max(0, at - performance.now()));
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [at]);
  const text = words.value.connection;
  // Hidden from readers of the screen: a countdown would speak without end.
  return (
    <span aria-hidden="true">
      {at === undefined || left === 0 ? text.retrying : text.retryIn(span(left / 1_000 + 1))}
    </span>
  );
}
