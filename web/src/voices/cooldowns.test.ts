import { expect, test } from "vitest";
import { happened } from "../../tests/support/polyphony";
import { cooldownsOf } from "./cooldowns";
import { isDouble, latestOfEach, symbolsOf } from "./symbol-events";

const at = (seconds: number) => new Date(seconds * 1_000);
const trigger = (rule: string, seconds?: number) => ({
  kind: "trigger",
  why: { en: "", ru: "" },
  rule,
  ...(seconds !== undefined && { cooldown_until: at(seconds).toISOString() }),
});

test("a voice rests until the last of its triggers may call it, and a free trigger may call it before", () => {
  const rules = [
    { ...trigger("sam.else"), kind: "action", cooldown_until: at(900).toISOString() },
    trigger("kayn.1", 300),
    trigger("kayn.2", 200),
    trigger("pino.1"),
    trigger("pino.2", 400),
    trigger("sam.1"),
  ];
  expect([...cooldownsOf(rules)]).toEqual([
    ["kayn", { until: 300_000, mayWake: false }],
    ["pino", { until: 400_000, mayWake: true }],
  ]);
});

test("of the symbols of a stretch of time the latest of each voice is shown, and none that is yet to come", () => {
  const reason = { en: "", ru: "" };
  const symbol = (seconds: number, voice: "sam" | "iskra", name: string) =>
    happened(at(seconds), { kind: "symbol", symbol: name, glyph: "≈", voice, reason });
  const all = symbolsOf([
    symbol(1, "iskra", "threshold"),
    symbol(5, "iskra", "integration"),
    symbol(6, "iskra", "completion"),
    symbol(7, "sam", "pause"),
    symbol(9, "sam", "depth"),
  ]);
  const shown = latestOfEach(all, 4_000, 8_000).map((event) => [event.voice, event.symbol]);
  expect(shown).toEqual([
    ["sam", "pause"],
    ["iskra", "completion"],
  ]);
});

test("two signs are told from one that is drawn in colour", () => {
  expect(["🕯️", "∆", "🧩", "🔥✴️"].map(isDouble)).toEqual([false, false, false, true]);
});
