import { expect, test } from "vitest";
import { bands } from "../../tests/support/bands";
import { contains, everywhere } from "./box";
import { stateBox } from "./state-box";

const read = (when: string) => stateBox("A", when, bands);

test("comparisons in both directions and in a chain bound the vitals that they name", () => {
  const { clarity, chaos, trust, pain } =
    read("0.4 <= chaos < 0.6 and clarity > 0.7 and 0.3 >= pain")?.box ?? everywhere;
  expect(chaos).toEqual({ from: 0.4, to: 0.6, isFromOpen: false, isToOpen: true });
  expect(clarity).toEqual({ from: 0.7, to: 1, isFromOpen: true, isToOpen: false });
  expect(pain).toEqual({ from: 0, to: 0.3, isFromOpen: false, isToOpen: false });
  expect(trust).toEqual(everywhere.trust);
});

test("the words for the same signs are read", () => {
  expect(read("clarity ≥ 0.5 AND 0.2 > chaos && trust ≤ 0.9")?.box).toMatchObject({
    clarity: { from: 0.5, isFromOpen: false },
    chaos: { to: 0.2, isToOpen: true },
    trust: { to: 0.9, isToOpen: false },
  });
});

test("all vitals OK is what the bands say, whose edges may belong to what lies beyond", () => {
  const box = read("all_vitals_ok")?.box ?? everywhere;
  expect(box.clarity).toEqual({ from: 0.7, to: 0.85, isFromOpen: false, isToOpen: false });
  expect(box.trust).toMatchObject({ from: 0.6, to: 0.9 });
  const strict = bands.map((band) => ({ ...band, edges: band.edges.map((edge) => ({ ...edge, inclusive: true })) }));
  const pain = stateBox("A", "all_vitals_ok", strict)?.box.pain ?? everywhere.pain;
  expect([contains(pain, 0.2), contains(pain, 0.21), contains(pain, 0.5)]).toEqual([false, true, false]);
});

test("what is asked besides vitals is kept in mind", () => {
  expect(read("chaos > 0.7 and drift > 0.3")).toMatchObject({ isWhole: false, box: { chaos: { from: 0.7 } } });
  expect(read("chaos > 0.7 and clarity < 0.6")?.isWhole).toBe(true);
});

test.each([
  "chaos_injection",
  "chaos > 0.7 or clarity < 0.6",
  "not chaos > 0.7",
  "(chaos > 0.7)",
  "avg(chaos, 5m) > 0.5",
  "chaos > trust - 0.1",
  "chaos > 0.5 and chaos < 0.5",
])("`%s` has no box", (when) => {
  expect(read(when)).toBeUndefined();
});

test("a comparison of two vitals bounds neither", () => {
  expect(read("chaos > trust and clarity > 0.5")).toMatchObject({ isWhole: false, box: { chaos: everywhere.chaos } });
});
