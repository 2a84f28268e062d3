import { expect, test } from "vitest";
import type { RuleNow } from "../protocol";
import { heldBack } from "./held-back";

const text = { en: "because", ru: "потому" };
const at = (second: number) => `2026-01-01T00:00:0${second}Z`;

test("of what was held back the last time of each rule is told, if it lies in the window", () => {
  const rule = (name: string, second: number, reason = "cooldown"): RuleNow => ({
    kind: "action",
    rule: name,
    why: text,
    suppressed: { at: at(second), why: reason },
    cooldown_until: at(9),
  });
  const rules = [
    rule("old", 1),
    rule("one", 3),
    rule("two", 5, "budget"),
    { kind: "action", rule: "never", why: text },
  ];
  expect(heldBack(rules, Date.parse(at(2))).map(({ rule, until }) => [rule, until])).toEqual([
    ["two", undefined],
    ["one", Date.parse(at(9))],
  ]);
});
