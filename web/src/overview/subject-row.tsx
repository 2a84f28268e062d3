import { useRef } from "preact/hooks";
import { Bullet } from "../bands/bullet";
import { newestValue } from "../board/subject-state";
import { now } from "../clock";
import { SimulatedBadge } from "../experiments/simulated-badge";
import { score, span } from "../language/format";
import { words } from "../language/language";
import { type Vital, type VitalVerdict, vitals } from "../protocol";
import { nameOf } from "../rules/rules";
import { Age } from "../shell/age";
import { Lamp, VitalSign } from "../shell/icons";
import { LevelSign } from "../shell/level-badge";
import { SubjectLink } from "../subject/picker";
import type { Watch } from "../watch/watch";
import { useNear } from "./near";
import type { Row } from "./rows";

type Props = Row & { watch: Watch; isStale: boolean; isFrozen: boolean };

/** A subject in one line. Of a long list only the rows in sight tell more than the name. */
export function SubjectRow({ isLong, ...props }: Props & { isLong: boolean }) {
  const { watch, state, light, isFrozen } = props;
  const { lights, notNow, subject: text } = words.value;
  const row = useRef<HTMLLIElement>(null);
  const isNear = useNear(row, !isLong);
  const lamp = isFrozen ? "unknown" : light;
  return (
    <li class="row" data-light={lamp} ref={row}>
      <Lamp light={lamp} />
      <span class="row-who">
        <SubjectLink class="row-name" watch={watch} subject={state.subject}>
          {state.subject}
        </SubjectLink>
        <span class="row-state">
          <span class="visually-hidden">
            {isFrozen ? notNow : light === "unknown" ? text.unjudged : lights[light]},{" "}
          </span>
          <SimulatedBadge simulated={state.experiment?.simulated} />
          {state.state ? nameOf("states", state.state.state) : ""}
        </span>
      </span>
      {isNear && <Figures {...props} />}
    </li>
  );
}

/** What reads signals is worked out anew only when it is given something else: so only the vitals that have changed. */
function Figures({ state, seen, since, firing, worst, isStale, isFrozen }: Props) {
  const text = words.value.subject;
  return (
    <>
      <span class="cells">
        {vitals.map((vital) => (
          <VitalCell
            key={vital}
            vital={vital}
            value={newestValue(state, vital)}
            verdict={state.verdict[vital]}
            isStale={isStale || state.verdict[vital]?.stale === true}
          />
        ))}
      </span>
      <span class="row-alerts">
        {worst && (
          <>
            <span class="priority" data-priority={worst}>
              {worst}
            </span>
            <span class="visually-hidden">{text.firing(firing)}</span>
            {firing > 1 && <span aria-hidden="true">×{firing}</span>}
          </>
        )}
      </span>
      <span class="row-when">
        {seen === undefined ? <span class="age">—</span> : <Age at={seen} />}
        {since !== undefined && !isFrozen && <Lasting since={since} />}
      </span>
    </>
  );
}

/** For how long the light has shown what it shows. */
function Lasting({ since }: { since: number }) {
  return <span class="row-since">{words.value.pulse.lasting(span((now.value - since) / 1_000))}</span>;
}

type CellProps = { vital: Vital; value: number | undefined; verdict: VitalVerdict | undefined; isStale: boolean };

function VitalCell({ vital, value, verdict, isStale }: CellProps) {
  const { vitals: names, levels, sides, stale, neverMeasured } = words.value;
  const level = isStale ? ("stale" as const) : verdict?.level;
  const spoken = [
    isStale && stale,
    verdict && levels[verdict.level],
    verdict?.priority,
    verdict?.side && sides[verdict.side],
  ];
  return (
    <span class="cell" data-level={level} data-priority={verdict?.priority}>
      <span class="visually-hidden">{names[vital]} </span>
      <span class="cell-value">
        <VitalSign vital={vital} />
        {value === undefined ? <span title={neverMeasured}>—</span> : <Score value={value} />}
        {level && level !== "OK" && <LevelSign level={level} />}
      </span>
      <span class="visually-hidden"> {spoken.filter(Boolean).join(", ")}</span>
      <Bullet vital={vital} value={value} level={level} />
    </span>
  );
}

/** Two digits to compare by, the third small: it matters only near an edge. */
function Score({ value }: { value: number }) {
  const text = score(value);
  return (
    <>
      {text.slice(0, -1)}
      <small>{text.slice(-1)}</small>
    </>
  );
}
