import { type SubjectState, worstFirst } from "../board/subject-state";
import { score } from "../language/format";
import { words } from "../language/language";
import { type Vital, vitals } from "../protocol";
import { Age } from "../shell/age";
import { Lamp } from "../shell/icons";
import { LevelBadge } from "../shell/level-badge";
import { Shell } from "../shell/shell";
import type { LevelsWatch } from "./levels-watch";

/** A longer table is not read to its end. */
const SHOWN = 100;

/** The levels of all subjects, worst first. */
export function LevelsPage({ page, watch }: { page: "seams" | "voices"; watch: LevelsWatch }) {
  const { levelsPage: text, vitals: names } = words.value;
  const states = worstFirst(watch.board.subjects.value.values());
  const shown = states.slice(0, SHOWN);
  return (
    <Shell page={page} connection={watch.connection}>
      <div class="levels">
        <p class="levels-intro">{text[page]}</p>
        {watch.isKnown.value && states.length === 0 && <p class="levels-empty">{text.empty}</p>}
        {states.length > 0 && (
          <div class="levels-scroll" tabIndex={0} role="region" aria-label={text.table}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{text.subject}</th>
                  <th scope="col">{text.light}</th>
                  {vitals.map((vital) => (
                    <th scope="col" key={vital}>
                      {names[vital]}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((state) => (
                  <SubjectRow key={state.subject} state={state} isFrozen={watch.connection.isFrozen.value} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {shown.length < states.length && <p class="levels-intro">{text.shown(shown.length, states.length)}</p>}
      </div>
    </Shell>
  );
}

function SubjectRow({ state, isFrozen }: { state: SubjectState; isFrozen: boolean }) {
  const { lights, notNow } = words.value;
  return (
    <tr>
      <th scope="row">{state.subject}</th>
      <td class="levels-light">
        <Lamp light={isFrozen ? "unknown" : state.light} />
        {isFrozen ? notNow : lights[state.light]}
      </td>
      {vitals.map((vital) => (
        <VitalCell key={vital} vital={vital} state={state} isFrozen={isFrozen} />
      ))}
    </tr>
  );
}

function VitalCell({ vital, state, isFrozen }: { vital: Vital; state: SubjectState; isFrozen: boolean }) {
  const { vitals: names, neverMeasured } = words.value;
  const [verdict, measured] = [state.verdict[vital], state.measured[vital]];
  const value = measured?.value ?? verdict?.value;
  return (
    <td data-name={names[vital]}>
      {value === undefined ? (
        <span class="levels-none">{neverMeasured}</span>
      ) : (
        <span class="levels-value">
          <b>{score(value)}</b>
          {measured && <Age at={measured.at} />}
          {verdict && <LevelBadge verdict={verdict} isStale={verdict.stale} isFrozen={isFrozen} />}
        </span>
      )}
    </td>
  );
}
