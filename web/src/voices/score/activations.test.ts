import { expect, test } from "vitest";
import { activation, chorus, happened } from "../../../tests/support/polyphony";
import type { Subject } from "../../protocol";
import { activations, tones } from "./activations";

const at = (seconds: number) => new Date(seconds * 1_000);
const kayn = activation("kayn", at(10));
const start: Subject = {
  subject: "agent-7",
  light: "green",
  level: "OK",
  tone: { tone: "recovery", since: at(1).toISOString() },
  chorus: chorus({ kayn: { activity: 0.6, active: kayn } }),
};
const reason = { en: "", ru: "" };

test("an activation that was there at the beginning began before it, and is explained by its end", () => {
  expect(activations(start, [])).toEqual([{ voice: "kayn", activation: kayn, from: 10_000 }]);
  const end = happened(at(70), { kind: "voice", voice: "kayn", activation: kayn, stood_down: "done" }, "end");
  expect(activations(start, [end])).toMatchObject([{ voice: "kayn", from: 10_000, to: 70_000, event: "end" }]);
});

test("an activation within the window goes from its beginning to its end, and is explained by its beginning", () => {
  const sam = activation("sam", at(40));
  const begin = happened(at(40), { kind: "voice", voice: "sam", activation: sam }, "begin");
  const end = happened(at(55), { kind: "voice", voice: "sam", activation: sam, stood_down: "expired" }, "end");
  expect(activations(undefined, [begin])).toMatchObject([{ from: 40_000, event: "begin" }]);
  expect(activations(undefined, [begin])[0]).not.toHaveProperty("to");
  expect(activations(undefined, [begin, end])).toMatchObject([{ from: 40_000, to: 55_000, event: "begin" }]);
});

test("a tone lasts until the next one, the first from the beginning of the window", () => {
  const tone = { tone: "creative", voice: "pino" as const, since: at(60).toISOString() };
  const change = happened(at(60), { kind: "tone", from: "recovery", tone, reason }, "change");
  expect(tones(start, [change], 30_000)).toEqual([
    { tone: start.tone, from: 30_000, to: 60_000 },
    { tone, from: 60_000, event: "change" },
  ]);
  expect(tones(undefined, [change], 30_000)).toHaveLength(1);
  expect(tones(start, [change], 70_000)).toEqual([{ tone: start.tone, from: 70_000 }]);
});
