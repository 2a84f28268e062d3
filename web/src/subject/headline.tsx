import { firingGroups } from "../alerts/groups";
import { isUnjudged, lastSeen, lightSince } from "../board/subject-state";
import { now } from "../clock";
import { SimulatedBadge } from "../experiments/simulated-badge";
import { age, span, time } from "../language/format";
import { words } from "../language/language";
import { Lamp } from "../shell/icons";
import { type PageName, pageUrl } from "../shell/page-url";
import { RateText } from "../shell/rate-text";
import { RangeChoice } from "../vitals/vitals-panel";
import type { Watch } from "../watch/watch";

/** Whose vitals these are and how it stands with them: the first thing to read. */
export function Headline({ watch, page }: { watch: Watch; page: PageName }) {
  const { subject: text, lights, lastKnown, notNow, since: sinceWords } = words.value;
  const name = watch.subject.value;
  const state = watch.state.value;
  const isFrozen = watch.isFrozen.value;
  const seen = state && lastSeen(state);
  const since = state && lightSince(state);
  const isNew = state !== undefined && isUnjudged(state, now.value);
  const light = isFrozen || isNew ? "unknown" : (state?.light ?? "black");
  const word = isFrozen ? notNow : isNew ? text.unjudged : lights[state?.light ?? "black"];
  return (
    <section class="headline" data-light={light}>
      <Lamp light={light} />
      <div class="headline-words">
        <h2>
          {name} <SimulatedBadge simulated={state?.experiment?.simulated} />
        </h2>
        <p>
          <strong class="headline-light">{word}</strong>
          {isFrozen && state && <span> {lastKnown(lights[state.light])}</span>}
          {!isFrozen && !isNew && since !== undefined && (
            <span> {sinceWords(time(since), span((now.value - since) / 1_000))}</span>
          )}
        </p>
        <p class="headline-facts">
          {!state ? text.unknown : seen === undefined ? text.none : text.sample(age(seen, now.value))}{" "}
          <RateText watch={watch} />
          {light === "black" && seen !== undefined && <span class="headline-silent"> {text.silent}</span>}
        </p>
      </div>
      <div class="headline-end">
        <FiringLink watch={watch} page={page} />
        <RangeChoice watch={watch} />
      </div>
    </section>
  );
}

/** On narrow screens alerts stand far below, and on Pulse alone: this leads to them. */
function FiringLink({ watch, page }: { watch: Watch; page: PageName }) {
  const groups = firingGroups(watch.board.alerts.value.values());
  const worst = groups[0];
  const pulse = page === "pulse" ? "" : pageUrl("pulse", page, watch.config.value);
  if (!worst || pulse === undefined) return null;
  return (
    <a class="firing-link" href={`${pulse}#alerts`} data-priority={worst.top.priority}>
      {words.value.subject.firing(groups.length)}
    </a>
  );
}
