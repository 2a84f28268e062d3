import { expect, test } from "vitest";
import { bands } from "../../tests/support/bands";
import { bandOf, zones } from "../bands/zones";
import type { Band, Edge } from "../protocol";
import { placeFor, roomOf, withMoved } from "./moved";

const band = bandOf(bands, "pain") as Band;
const edge = (at: number) => band.edges.find((each) => each.at === at) as Edge;

test("an edge stays between its neighbours", () => {
  expect(roomOf(band, edge(0.6))).toEqual({ min: 0.51, max: 0.69 });
  expect(roomOf(band, edge(0.7))).toEqual({ min: 0.61, max: 1 });
  expect(roomOf(band, edge(0.2))).toEqual({ min: 0, max: 0.49 });
});

test("a place is a hundredth within that room", () => {
  expect(placeFor(band, edge(0.5), 0.4567)).toBe(0.46);
  expect(placeFor(band, edge(0.5), 0.9)).toBe(0.59);
  expect(placeFor(band, edge(0.5), -1)).toBe(0.21);
});

test("the zones move with the edge, those that were not moved stay", () => {
  const moved = withMoved(band, { [edge(0.5).rule]: 0.4 });
  expect(zones(moved).map(({ from, to, kind }) => [from, to, kind])).toEqual([
    [0, 0.2, "warn"],
    [0.2, 0.4, "ok"],
    [0.4, 0.6, "warn"],
    [0.6, 0.7, "block"],
    [0.7, 1, "critical"],
  ]);
});
