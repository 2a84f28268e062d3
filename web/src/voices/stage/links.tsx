import { edge } from "../../language/format";
import type { Chorus, Conflict, Voice } from "../../protocol";
import { hueOf } from "../hue";
import { link, type Point } from "./place";

type Places = ReadonlyMap<Voice, Point>;

/** Who disagrees and who strengthens whom, as lines between the voices; the words stand below the picture. */
export function Links({ chorus, places }: { chorus: Chorus | undefined; places: Places }) {
  return (
    <g class="links">
      {chorus?.synergies?.map(({ between, strength }) => (
        <Synergy key={between.join()} between={between} strength={strength} places={places} />
      ))}
      {chorus?.conflicts?.map((conflict) => (
        <ConflictLine key={conflict.between.join()} conflict={conflict} places={places} />
      ))}
      {chorus?.leader && <Beam voice={chorus.leader} places={places} />}
    </g>
  );
}

function Synergy({ between, strength, places }: { between: [Voice, Voice]; strength: number; places: Places }) {
  const [one, other] = [places.get(between[0]), places.get(between[1])];
  if (!one || !other) return null;
  return <path class="synergy" d={link(one, other, "synergy").path} style={{ strokeWidth: 2 + 5 * strength }} />;
}

/** Its dashes run from the voice that leads to the one that waits. */
function ConflictLine({ conflict, places }: { conflict: Conflict; places: Places }) {
  const { between, leads, intensity } = conflict;
  const [first, second] = leads === between[1] ? [between[1], between[0]] : between;
  const [one, other] = [places.get(first), places.get(second)];
  if (!one || !other) return null;
  const { path, middle } = link(one, other, "conflict");
  return (
    <g class="conflict" data-runs={leads ? true : undefined}>
      <path class="conflict-line" d={path} style={{ strokeWidth: 1.5 + 4 * intensity }} />
      <g transform={`translate(${middle.x.toFixed(1)} ${middle.y.toFixed(1)})`}>
        <rect class="conflict-plate" x="-21" y="-11" width="42" height="22" rx="11" />
        <text class="conflict-intensity" text-anchor="middle" y="4.5">
          {edge(intensity)}
        </text>
      </g>
    </g>
  );
}

/** From the voice that leads to the middle. */
function Beam({ voice, places }: { voice: Voice; places: Places }) {
  const place = places.get(voice);
  if (!place) return null;
  const { x, y } = place;
  const side = (by: number) => `${(x * 0.5 - y * by).toFixed(1)} ${(y * 0.5 + x * by).toFixed(1)}`;
  return (
    <path
      class="beam"
      d={`M${x.toFixed(1)} ${y.toFixed(1)}L${side(0.07)}L${side(-0.07)}Z`}
      style={{ "--hue": hueOf(voice) }}
    />
  );
}
