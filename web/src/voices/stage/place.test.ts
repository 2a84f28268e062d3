import { expect, test } from "vitest";
import type { VoiceRule } from "../../protocol";
import { link, places } from "./place";

const rule = (voice: VoiceRule["voice"], pitch_hertz: number) => ({ voice, pitch_hertz }) as VoiceRule;
const standing = places([rule("iskra", 440), rule("pino", 523.25), rule("anhantra", 349.23), rule("sam", 392)]);

test("the voices stand like a scale, from the lower left clockwise", () => {
  const quarter = Math.SQRT1_2 * 200;
  const at = [...standing].map(([voice, { x, y }]) => [voice, Math.round(x), Math.round(y)]);
  expect(at).toEqual([
    ["anhantra", -Math.round(quarter), Math.round(quarter)],
    ["sam", -Math.round(quarter), -Math.round(quarter)],
    ["iskra", Math.round(quarter), -Math.round(quarter)],
    ["pino", Math.round(quarter), Math.round(quarter)],
  ]);
});

test("a link keeps away from what is written in the middle, even between voices that face each other", () => {
  const { path, middle } = link({ x: -150, y: 132 }, { x: 156, y: -125 }, "conflict");
  expect(Math.hypot(middle.x, middle.y)).toBeCloseTo(131);
  const [fromX, fromY, controlX, controlY, toX, toY] = [...path.matchAll(/-?[\d.]+/g)].map(Number);
  const halfway = (a = 0, control = 0, b = 0) => a / 4 + control / 2 + b / 4;
  expect(halfway(fromX, controlX, toX)).toBeCloseTo(middle.x, 0);
  expect(halfway(fromY, controlY, toY)).toBeCloseTo(middle.y, 0);
});
