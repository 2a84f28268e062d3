import { present } from "../clock";
import { span, time } from "../language/format";
import { words } from "../language/language";
import type { Connection } from "../stream/connection";
import { useLeft } from "./use-left";

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
      {state.kind === "lost" && <Retry at={state.retryAt} />}
      {state.kind === "refused" && state.code !== undefined && <span>{text.refusedBecause(state.code)}</span>}
      <button type="button" onClick={() => connection.retryNow()}>
        {text.retryNow}
      </button>
    </section>
  );
}

function Retry({ at }: { at: number | undefined }) {
  const left = useLeft(at);
  const text = words.value.connection;
  // Hidden from readers of the screen: a countdown would speak without end.
  return (
    <span aria-hidden="true">
      {at === undefined || left === 0 ? text.retrying : text.retryIn(span(left / 1_000 + 1))}
    </span>
  );
}
