import { change, score } from "../language/format";
import { words } from "../language/language";
import { VitalSign } from "../shell/icons";
import type { Way } from "./record";

/** How far each vital went: in figures, and as an arrow on the scale from 0 to 1. */
export function Ways({ ways }: { ways: readonly Way[] }) {
  const text = words.value;
  return (
    <table class="ways">
      <thead class="visually-hidden">
        <tr>
          <th scope="col">{text.artifacts.vital}</th>
          <th scope="col">{text.happenings.before}</th>
          <th scope="col">{text.happenings.after}</th>
          <th scope="col">{text.artifacts.change}</th>
        </tr>
      </thead>
      <tbody>
        {ways.map(({ vital, from, to }) => (
          <tr key={vital}>
            <th scope="row">
              <VitalSign vital={vital} />
              {text.vitals[vital]}
            </th>
            <td>{score(from)}</td>
            <td>
              <Arrow from={from} to={to} />
              {score(to)}
            </td>
            <td>
              <b>{change(to - from)}</b>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const WIDTH = 64;

function Arrow({ from, to }: { from: number; to: number }) {
  const place = (value: number) => 3 + Math.min(Math.max(value, 0), 1) * (WIDTH - 6);
  const [x, end] = [place(from), place(to)];
  const head = end >= x ? -3.5 : 3.5;
  return (
    <svg class="way" viewBox={`0 0 ${WIDTH} 10`} aria-hidden="true">
      <path class="way-scale" d={`M3 5H${WIDTH - 3}`} />
      <path class="way-line" d={`M${x} 5H${end}`} />
      <circle cx={x} cy={5} r={2} />
      {Math.abs(end - x) > 3 ? (
        <path class="way-head" d={`M${end} 5l${head} -3.2v6.4z`} />
      ) : (
        <circle cx={end} cy={5} r={2.6} />
      )}
    </svg>
  );
}
