import { present, serverNow } from "../clock";
import { time } from "../language/format";
import { words } from "../language/language";
import type { Connection } from "../stream/connection";

const LAG_SHOWN_MS = 10_000;

/** How the page is connected, and what time the service has. */
export function ConnectionChip({ connection }: { connection: Connection }) {
  const text = words.value.connection;
  const { look, word, hint } = appearance(connection);
  return (
    <div class="connection" data-connection={look} role="group" aria-label={text.label}>
      <span class="connection-dot" aria-hidden="true" />
      <span title={hint}>{word}</span>
      {look !== "lost" && look !== "connecting" && (
        <span class="connection-clock" title={text.server}>
          <span class="visually-hidden">{text.server} </span>
          {time(present.value)}
        </span>
      )}
    </div>
  );
}

function appearance(connection: Connection): { look: string; word: string; hint?: string } {
  const text = words.value.connection;
  const state = connection.state.value;
  if (state.kind === "lost") return { look: "lost", word: text.lost };
  if (state.kind === "refused") return { look: "lost", word: text.refused };
  if (state.kind === "connecting") return { look: "connecting", word: text.connecting };
  const laggedAt = connection.laggedAt.value;
  // `present` is read so that the word goes away by itself.
  const isLagged = laggedAt !== undefined && Math.max(present.value, serverNow()) - laggedAt < LAG_SHOWN_MS;
  if (isLagged) return { look: "strained", word: text.lagged, hint: text.laggedHint };
  if (state.bus === "polling") return { look: "strained", word: text.polling, hint: text.pollingHint };
  return { look: "live", word: text.live };
}
