import { expect, test } from "vitest";
import { chorus } from "../../../tests/support/polyphony";
import type { VoiceRule } from "../../protocol";
import { arc, chord, filled, ring } from "./wave";

const kayn = { voice: "kayn", pitch_hertz: 440, waveform: "sine" } as VoiceRule;
const pino = { voice: "pino", pitch_hertz: 523.25, waveform: "sawtooth" } as VoiceRule;

/** How far each point of a closed line is from the middle. */
const radii = (path: string) =>
  path
    .slice(1, -1)
    .split("L")
    .map((point) => Math.hypot(...point.split(" ").map(Number)));
/** How many times it goes outwards beyond `radius`. */
const waves = (path: string, radius: number) =>
  radii(path).filter((at, index, all) => at > radius + 0.5 && (all.at(index - 1) ?? 0) <= radius + 0.5).length;

test("a voice without energy is a still circle, one with energy swings as often as its pitch is high", () => {
  expect(radii(ring(kayn, 30, 0)).every((at) => Math.abs(at - 30) < 0.1)).toBe(true);
  expect(Math.max(...radii(ring(kayn, 30, 5)))).toBeCloseTo(35, 0);
  expect([waves(ring(kayn, 30, 5), 30), waves(ring(pino, 30, 5), 30)]).toEqual([11, 13]);
});

test("the chord is still in silence, and is the only voice that sounds", () => {
  expect(radii(chord([kayn, pino], chorus({}), 80, 8)).every((at) => Math.abs(at - 80) < 0.1)).toBe(true);
  expect(chord([kayn, pino], chorus({ kayn: { activity: 1 } }), 80, 8)).toBe(ring(kayn, 80, 8));
});

test("a disc is full at 1, and half below its middle at 0.5", () => {
  expect(filled(20, 0.5)).toBe("M-20.0 0.0A20 20 0 0 0 20.0 0.0Z");
  expect(filled(20, 1)).toContain("A20 20 0 1 0");
  expect(filled(20, 7)).toBe(filled(20, 1));
});

test("a ring of time begins at the top and never runs over itself", () => {
  expect(arc(10, 0.5)).toBe("M0 -10A10 10 0 0 1 0.00 10.00");
  expect(arc(10, 3)).toBe(arc(10, 1));
});
