import { words } from "../language/language";
import type { Light } from "../protocol";
import { Lamp } from "../shell/icons";
import { SubjectLink } from "../subject/picker";
import { allStates, lookOf, StateName } from "./state-look";
import type { SeamsView } from "./view";

/** More of one state than this are counted. */
const CHIPS = 12;

/** In which state each subject is. */
export function Whereabouts({ view }: { view: SeamsView }) {
  const { watch } = view;
  const subjects = view.subjects.value.split("\n").map((line) => line.split(" ") as [Light, string, string]);
  if (subjects.length < 2) return null;
  const states = [...new Set([...allStates(), ...subjects.map(([, state]) => state)])];
  const isFrozen = watch.isFrozen.value;
  return (
    <section class="panel whereabouts" aria-labelledby="whereabouts-title">
      <header class="panel-head">
        <h3 id="whereabouts-title">{words.value.seams.subjects}</h3>
      </header>
      <dl>
        {states.map((state) => {
          const within = subjects.filter(([, each]) => each === state);
          if (within.length === 0) return null;
          return (
            <div key={state} data-look={lookOf(state)}>
              <dt>
                <StateName id={state} />
              </dt>
              <dd>
                {within.slice(0, CHIPS).map(([light, , subject]) => (
                  <SubjectLink key={subject} watch={watch} subject={subject}>
                    <Lamp light={isFrozen ? "unknown" : light} />
                    {subject}
                  </SubjectLink>
                ))}
                {within.length > CHIPS && <span>{words.value.seams.more(within.length - CHIPS)}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
    </section>
  );
}
