import { expect, test } from "vitest";
import { waitBefore } from "./backoff";

test("the wait lies between nothing and a bound that doubles up to half a minute", () => {
  const longest = (attempt: number) => waitBefore(attempt, () => 1);
  expect([0, 1, 2, 3].map(longest)).toEqual([250, 500, 1000, 2000]);
  expect([7, 8, 1000].map(longest)).toEqual([30_000, 30_000, 30_000]);
  expect(waitBefore(5, () => 0)).toBe(0);
  expect(waitBefore(2, () => 0.25)).toBe(250);
});
