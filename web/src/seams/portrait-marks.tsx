import { shownAt } from "../clock";
import { time } from "../language/format";
import { inLanguage } from "../language/language";
import { canvasColours, trustColour } from "./colours";
import type { Plane } from "./plane";
import { hasPlace } from "./points";
import { SeamGlyph } from "./seam-glyph";
import { lookOf, stateName } from "./state-look";
import type { SeamEvent } from "./stretches";
import { haloRadius } from "./trail";
import type { SeamsView } from "./view";

/** More seams than this side by side tell nothing: the latest count. */
const MARKS = 80;

type Props = { view: SeamsView; plane: Plane };

/** What lies over the trail and moves by itself: seams, where the subject is, and what is pointed at. */
export function PortraitMarks({ view, plane }: Props) {
  const { width, height } = plane;
  return (
    <svg class="portrait-marks" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <SeamMarks view={view} plane={plane} />
      <Here view={view} plane={plane} />
      <Pointed view={view} plane={plane} />
    </svg>
  );
}

/** Each seam where it arrived; the one that led here with the step that it was. */
function SeamMarks({ view, plane }: Props) {
  const current = view.current.value?.id;
  const pair = view.pointed.value ?? view.chosen.value;
  return (
    <>
      {view.seams.value.slice(-MARKS).map((event) => {
        const { before, after, to } = event.seam;
        if (!hasPlace(after)) return null;
        const isCurrent = event.id === current;
        const isAside = view.isAside(event.seam);
        return (
          <g
            key={event.id}
            class="portrait-seam"
            data-look={lookOf(to)}
            data-current={isCurrent || undefined}
            data-aside={isAside || undefined}
          >
            {(isCurrent || (pair && !isAside)) && hasPlace(before) && (
              <line
                x1={plane.x(before.clarity)}
                y1={plane.y(before.chaos)}
                x2={plane.x(after.clarity)}
                y2={plane.y(after.chaos)}
              />
            )}
            <Diamond event={event} x={plane.x(after.clarity)} y={plane.y(after.chaos)} size={isCurrent ? 7 : 4.5} />
          </g>
        );
      })}
    </>
  );
}

function Diamond({ event, x, y, size }: { event: SeamEvent; x: number; y: number; size: number }) {
  const { from, to, triggers, kind } = event.seam;
  return (
    <>
      <path d={`M${x} ${y - size}l${size} ${size}l${-size} ${size}l${-size} ${-size}z`}>
        <title>
          {[time(Date.parse(event.at)), `${stateName(from)} → ${stateName(to)}`, ...triggers.map(inLanguage)].join(
            "\n",
          )}
        </title>
      </path>
      {size > 5 && (
        <g transform={`translate(${x + 9} ${y - 17})`}>
          <SeamGlyph kind={kind} size={14} />
        </g>
      )}
    </>
  );
}

/** Where the subject is at the shown moment, with the lines that lead to the scales. */
function Here({ view, plane }: Props) {
  const { measured, light, state } = view.watch.state.value ?? {};
  const { clarity, chaos, trust, pain } = measured ?? {};
  if (!clarity || !chaos) return null;
  const [x, y] = [plane.x(clarity.value), plane.y(chaos.value)];
  const isStale = light === "black" || view.watch.isFrozen.value;
  return (
    <g class="portrait-here" data-stale={isStale || undefined} data-past={shownAt.value !== undefined || undefined}>
      <path class="portrait-guide" d={`M${x} ${plane.y(0)}V${y}H${plane.x(0)}`} />
      <circle
        class="portrait-halo"
        cx={x}
        cy={y}
        r={6 + haloRadius(pain?.value)}
        data-look={lookOf(state?.state ?? "")}
      />
      <circle class="portrait-dot" cx={x} cy={y} r="6" style={{ fill: trustColour(canvasColours(), trust?.value) }} />
    </g>
  );
}

/** What was so at the instant that is pointed at. */
function Pointed({ view, plane }: Props) {
  const point = view.pointedPoint();
  if (!point) return null;
  return <circle class="portrait-pointed" cx={plane.x(point.clarity)} cy={plane.y(point.chaos)} r="7" />;
}
