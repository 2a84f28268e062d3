import { score } from "../language/format";
import { words } from "../language/language";
import { type Seam, vitals } from "../protocol";

const [WIDTH, HEIGHT, ROOM] = [56, 44, 5];

/** The vitals before and after as four lines: which way each went, and how far. */
export function Slope({ seam: { before, after } }: { seam: Seam }) {
  const { seams: text, vitals: names } = words.value;
  const y = (value: number) => ROOM + (1 - value) * (HEIGHT - 2 * ROOM);
  const both = vitals.flatMap((vital) => {
    const [from, to] = [before[vital], after[vital]];
    return from === undefined || to === undefined ? [] : [{ vital, from, to }];
  });
  const told = both.map(({ vital, from, to }) => text.fromTo(names[vital], score(from), score(to)));
  return (
    <svg class="slope" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={text.slope(told.join(", "))}>
      <title>{told.join("\n")}</title>
      {both.map(({ vital, from, to }) => (
        <g key={vital} data-vital={vital}>
          <line x1={ROOM} y1={y(from)} x2={WIDTH - ROOM} y2={y(to)} />
          <circle cx={WIDTH - ROOM} cy={y(to)} r="2.2" />
        </g>
      ))}
    </svg>
  );
}

/** The same in figures. */
export function SlopeFigures({ seam: { before, after } }: { seam: Seam }) {
  const { vitals: names } = words.value;
  return (
    <dl class="slope-figures">
      {vitals.map((vital) => (
        <div key={vital} data-vital={vital}>
          <dt>{names[vital]}</dt>
          <dd>
            {figure(before[vital])} → <b>{figure(after[vital])}</b>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const figure = (value: number | undefined) => (value === undefined ? "—" : score(value));
