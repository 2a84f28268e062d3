import { words } from "../language/language";
import { allStates, lookOf, StateSign, stateName } from "./state-look";
import type { Pair, SeamsView } from "./view";

/** How often the subject went from which state to which, within the window. */
export function Matrix({ view }: { view: SeamsView }) {
  const text = words.value.seams;
  const all = view.transitions.value;
  const most = Math.max(1, ...all.map(({ count }) => count));
  const states = statesOf(all);
  const pointed = view.pointed.value;
  return (
    <section class="panel matrix" aria-labelledby="matrix-title">
      <header class="panel-head">
        <h3 id="matrix-title">{text.matrix}</h3>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col" class="matrix-corner">
              {text.matrixFrom} ↓ {text.matrixTo} →
            </th>
            {states.map((id) => (
              <th key={id} scope="col" data-pointed={pointed?.to === id || undefined} title={stateName(id)}>
                <StateSign id={id} />
                <span class="visually-hidden">{stateName(id)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {states.map((from) => (
            <tr key={from}>
              <th scope="row" data-pointed={pointed?.from === from || undefined}>
                <span class="state-name">
                  <StateSign id={from} />
                  <span>{stateName(from)}</span>
                </span>
              </th>
              {states.map((to) => (
                <td key={to} data-self={from === to || undefined}>
                  <Cell
                    view={view}
                    pair={{ from, to }}
                    count={all.find((each) => each.from === from && each.to === to)?.count ?? 0}
                    most={most}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** All of the rules, and those that were there before the rules changed. */
function statesOf(all: readonly Pair[]): string[] {
  return [...new Set([...allStates(), ...all.flatMap(({ from, to }) => [from, to])])];
}

function Cell({ view, pair, count, most }: { view: SeamsView; pair: Pair; count: number; most: number }) {
  if (count === 0) return null;
  const chosen = view.chosen.value;
  const isChosen = chosen?.from === pair.from && chosen.to === pair.to;
  const point = (pointed: Pair | undefined) => () => {
    view.pointed.value = pointed;
  };
  const title = words.value.seams.cell(stateName(pair.from), stateName(pair.to), String(count));
  return (
    <button
      type="button"
      class="matrix-cell"
      data-look={lookOf(pair.to)}
      aria-pressed={isChosen}
      aria-label={title}
      title={title}
      style={{ "--share": `${14 + 34 * (count / most)}%` }}
      onPointerEnter={point(pair)}
      onPointerLeave={point(undefined)}
      onFocus={point(pair)}
      onBlur={point(undefined)}
      onClick={() => {
        view.chosen.value = isChosen ? undefined : pair;
      }}
    >
      {count}
    </button>
  );
}
