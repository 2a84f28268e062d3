import { firingGroups } from "../alerts/groups";
import { now } from "../clock";
import { age } from "../language/format";
import { words } from "../language/language";
import { Lamp } from "../shell/icons";
import { RateText } from "../shell/rate-text";
import type { Watch } from "../watch/watch";
import type { OverviewChoice } from "./choice";
import { lights, type Row, type Shown } from "./rows";

type Props = { watch: Watch; choice: OverviewChoice; rows: readonly Row[] };

/** How many are how: read from across the room, pressed to see only those. */
export function Summary({ watch, choice, rows }: Props) {
  const text = words.value.pulse;
  const isFrozen = watch.isFrozen.value;
  const counts = new Map<Shown, number>();
  for (const { light } of rows) counts.set(light, (counts.get(light) ?? 0) + 1);
  const worst = isFrozen ? "unknown" : (rows[0]?.light ?? "unknown");
  return (
    <header class="summary" data-light={worst}>
      <Lamp light={worst} />
      <div class="summary-words">
        {/* Spoken when it changes, which is when somebody should look. */}
        <h2 aria-live="polite">
          {isFrozen ? words.value.notNow : text.summary(worst, counts.get(worst) ?? 0, rows.length)}
        </h2>
        <Facts watch={watch} rows={rows} />
      </div>
      <div class="summary-lights" role="group" aria-label={text.byLight}>
        {lights.map((light) => {
          const count = counts.get(light) ?? 0;
          const isWanted = choice.lights.value.has(light);
          if (count === 0 && !isWanted && (light === "unknown" || light === "black")) return null;
          const name = light === "unknown" ? words.value.subject.unjudged : words.value.lights[light];
          return (
            <button
              type="button"
              key={light}
              class="light-count"
              data-light={light}
              data-none={count === 0 || undefined}
              aria-pressed={isWanted}
              onClick={() => choice.toggleLight(light)}
            >
              <Lamp light={light} />
              <b>{count}</b>
              <span>{name}</span>
            </button>
          );
        })}
      </div>
    </header>
  );
}

/** How many, how busy, how fresh. */
function Facts({ watch, rows }: { watch: Watch; rows: readonly Row[] }) {
  const { subject } = words.value;
  const firing = firingGroups(watch.board.alerts.value.values()).length;
  const newest = Math.max(...rows.map(({ seen }) => seen ?? 0));
  return (
    <p class="facts">
      <span>{subject.found(rows.length)}</span>
      {firing > 0 && <span>{subject.firing(firing)}</span>}
      {newest > 0 && <span>{subject.sample(age(newest, now.value))}</span>}
      <RateText watch={watch} />
    </p>
  );
}
