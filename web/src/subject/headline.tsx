import { firingGroups } from "../alerts/groups";
import { lastSeen, lightSince } from "../board/subject-state";
import { now } from "../clock";
import { age, span, time } from "../language/format";
import { words } from "../language/language";
import type { Watch } from "../pulse/watch";
import { Lamp } from "../shell/icons";
import { RangeChoice } from "../vitals/vitals-panel";

/** Whose vitals these are and how it stands with them: the first thing to read. */
export function Headline({ watch }: { watch: Watch }) {
  const { subject: text, lights, lastKnown, notNow, since: sinceWords } = words.value;
  const name = watch.subject.value;
  const state = watch.state.value;
  const isFrozen = watch.connection.isFrozen.value;
  const light = isFrozen ? "unknown" : (state?.light ?? "black");
  const seen = state && lastSeen(state);
  const since = state && lightSince(state);
  return (
    <section class="headline" data-light={light}>
      <Lamp light={light} />
      <div class="headline-words">
        <h2>{name}</h2>
        <p>
          <strong class="headline-light">{isFrozen ? notNow : lights[state?.light ?? "black"]}</strong>
          {isFrozen && state && <span> {lastKnown(lights[state.light])}</span>}
          {!isFrozen && since !== undefined && (
            <span> {sinceWords(time(since), span((now.value - since) / 1_000))}</span>
          )}
        </p>
        <p class="headline-facts">
          {!state ? text.unknown : seen === undefined ? text.none : text.sample(age(seen, now.value))}
          {!isFrozen && state?.light === "black" && seen !== undefined && (
            <span class="headline-silent"> {text.silent}</span>
          )}
        </p>
      </div>
      <div class="headline-end">
        <FiringLink watch={watch} />
        <RangeChoice watch={watch} />
      </div>
    </section>
  );
}

/** On narrow screens alerts stand far below: this leads to them. */
function FiringLink({ watch }: { watch: Watch }) {
  const groups = firingGroups(watch.board.alerts.value.values());
  const worst = groups[0];
  if (!worst) return null;
  return (
    <a class="firing-link" href="#alerts" data-priority={worst.top.priority}>
      {words.value.subject.firing(groups.length)}
    </a>
  );
}
