import { expect, test } from "vitest";
import { bands } from "../../tests/support/bands";
import { names } from "../../tests/support/names";
import { type Scores, vitals } from "../protocol";
import { contains } from "./box";
import { areas, nearStates, otherAreas, possible, stateBoxes } from "./state-map";

const boxes = stateBoxes(names.states, bands);
const at = (clarity: number, chaos: number, trust: number, pain: number) => ({ clarity, chaos, trust, pain });

/** The state that holds at a place of the plane; in how many areas it lies. */
function stateAt({ clarity, chaos, trust, pain }: Required<Scores>): string[] {
  const here = areas(possible(boxes, trust, pain));
  const isIn = (piece: (typeof here)[number]["pieces"][number]) =>
    contains(piece.clarity, clarity) && contains(piece.chaos, chaos);
  return here.filter(({ pieces }) => pieces.some(isIn)).map(({ id }) => id);
}

test("an injection of chaos is no place, all other states are", () => {
  expect(boxes.map(({ id }) => id)).toEqual(
    names.states.map(({ id }) => id).filter((id) => id !== "CHAOTIC_STIMULATION"),
  );
});

test("the first state that holds takes a place, and no other does", () => {
  expect(stateAt(at(0.78, 0.5, 0.75, 0.35))).toEqual(["CREATIVE_TENSION"]);
  expect(stateAt(at(0.78, 0.35, 0.75, 0.35))).toEqual(["BALANCED"]);
  expect(stateAt(at(0.78, 0.5, 0.85, 0.35))).toEqual(["CREATIVE_INTEGRATION"]);
  expect(stateAt(at(0.78, 0.4, 0.75, 0.35))).toEqual(["BALANCED"]);
  expect(stateAt(at(0.1, 0.1, 0.85, 0.25))).toEqual(["HARMONIOUS_FLOW"]);
  expect(stateAt(at(0.9, 0.1, 0.85, 0.25))).toEqual(["CRYSTALLIZATION"]);
  expect(stateAt(at(0.1, 0.5, 0.75, 0.35))).toEqual([]);
  expect(stateAt(at(0.5, 0.5, 0.4, 0.7))).toEqual(["CRISIS_MODE"]);
});

test("no two states share a place", () => {
  for (const [trust, pain] of [
    [0.75, 0.35],
    [0.85, 0.25],
    [0.85, 0.35],
    [0.4, 0.7],
  ] as const) {
    for (let i = 0; i <= 20; i += 1) {
      for (let j = 0; j <= 20; j += 1) {
        expect(stateAt(at(i / 20, j / 20, trust, pain)).length).toBeLessThanOrEqual(1);
      }
    }
  }
});

test("states that need other trust or pain are outlined, those that ask nothing of the plane are not", () => {
  expect(otherAreas(boxes, areas(possible(boxes, 0.4, 0.3))).map(({ id }) => id)).toEqual([
    "CREATIVE_INTEGRATION",
    "BALANCED",
  ]);
});

test("the nearest states are told with what must move", () => {
  const near = nearStates(boxes, "CREATIVE_TENSION", at(0.78, 0.42, 0.79, 0.35), 0.1);
  expect(near.map(({ id }) => id)).toEqual(["CREATIVE_INTEGRATION", "BALANCED", "HARMONIOUS_FLOW"]);
  expect(near[0]?.by).toEqual({ trust: expect.closeTo(0.01) });
  expect(near[1]?.by).toEqual({ chaos: expect.closeTo(-0.02) });
});

test("what an earlier state hides is near only where it shows", () => {
  // Harmonious flow holds here, too, but creative integration comes first: one must leave that.
  const near = nearStates(boxes, "CREATIVE_INTEGRATION", at(0.85, 0.42, 0.85, 0.25), 0.1);
  expect(near[0]).toMatchObject({ id: "HARMONIOUS_FLOW", by: { chaos: expect.closeTo(-0.02) } });
});

test("nothing is near to a subject of which a vital is not known", () => {
  for (const vital of vitals) {
    expect(nearStates(boxes, "BALANCED", { ...at(0.78, 0.4, 0.75, 0.35), [vital]: undefined }, 1)).toEqual([]);
  }
});
