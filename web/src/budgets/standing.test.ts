import { expect, test } from "vitest";
import type { Budget, Burn } from "../protocol";
import { allowance, lookOf, tellingBurn } from "./standing";

const burn = (short_seconds: number, fields: Partial<Burn> = {}): Burn => ({
  rule: `pain_burn_${short_seconds}`,
  factor: 6,
  long_seconds: 12 * short_seconds,
  short_seconds,
  firing: false,
  ...fields,
});
const budget = (fields: Partial<Budget>): Budget => ({
  vital: "pain",
  objective: 0.99,
  measured_since: "2026-01-01T00:00:00Z",
  period_seconds: 2_592_000,
  good_seconds: 9_000,
  bad_seconds: 1_000,
  measured_ratio: 0.004,
  remaining_ratio: -9,
  burns: [],
  ...fields,
});

test("only measured time earns a budget, and it can be overdrawn", () => {
  const { seconds, left } = allowance(budget({}));
  expect(seconds).toBeCloseTo(100);
  expect(left).toBeCloseTo(-900);
});

test("a budget looks used up at nothing, and little below a quarter", () => {
  const looks = [1, 0.25, 0.24, 0, -3].map((remaining_ratio) => lookOf(budget({ remaining_ratio })));
  expect(looks).toEqual(["ok", "ok", "warn", "block", "block"]);
});

test("a burn that alerts is told of before the one of now", () => {
  const [slow, fast] = [burn(1_800), burn(300, { short: 2 })];
  expect(tellingBurn(budget({ burns: [slow, fast] }))).toEqual({ burn: fast, rate: 2 });
  const firing = burn(1_800, { short: 7, long: 8, firing: true });
  expect(tellingBurn(budget({ burns: [firing, fast] }))).toEqual({ burn: firing, rate: 7 });
  expect(tellingBurn(budget({}))).toBeUndefined();
});
