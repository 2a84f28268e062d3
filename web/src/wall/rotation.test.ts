import { expect, test } from "vitest";
import { unknownSubject } from "../board/subject-state";
import type { Light } from "../protocol";
import { nextTurn, type Turn } from "./rotation";

const state = (subject: string, light: Light) => ({ ...unknownSubject(subject), light });

/** Who is shown, beginning with nobody in particular. */
function round(states: ReturnType<typeof state>[], hasOverview: boolean, turns: number) {
  const shown: (string | undefined)[] = [];
  let current: Turn = { subject: "nobody" };
  for (let i = 0; i < turns; i += 1) {
    current = nextTurn(states, current, hasOverview);
    shown.push(current.subject);
  }
  return shown;
}

test("while somebody is in trouble only those are shown, the worst first, and all at once in between", () => {
  const states = [state("well", "green"), state("silent", "black"), state("hurt", "red")];
  expect(round(states, true, 4)).toEqual([undefined, "hurt", "silent", undefined]);
});

test("those that are well take turns, but not a hundred of them", () => {
  const states = Array.from({ length: 100 }, (_, i) => state(`agent-${i + 100}`, "green"));
  const shown = round(states, true, 10);
  expect(shown[0]).toBeUndefined();
  expect(shown[9]).toBeUndefined();
  expect(new Set(shown).size).toBe(9);
});

test("a page without an overview shows one after the other, and nothing changes without subjects", () => {
  expect(round([state("a", "green"), state("b", "green")], false, 3)).toEqual(["a", "b", "a"]);
  expect(nextTurn([], { subject: "a" }, true)).toEqual({ subject: "a" });
});
