import { expect, test } from "vitest";
import { latin } from "./keys";

test("a letter counts by its place on a Cyrillic keyboard, and by what it says on all others", () => {
  expect(latin({ key: "д", code: "KeyL", shiftKey: false })).toBe("l");
  expect(latin({ key: "Т", code: "KeyN", shiftKey: true })).toBe("N");
  expect(latin({ key: "х", code: "BracketLeft", shiftKey: false })).toBe("[");
  expect(latin({ key: "q", code: "KeyA", shiftKey: false })).toBe("q");
  expect(latin({ key: "ArrowLeft", code: "ArrowLeft", shiftKey: false })).toBe("ArrowLeft");
});
