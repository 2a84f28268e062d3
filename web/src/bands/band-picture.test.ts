import { expect, test } from "vitest";
import { bands } from "../../tests/support/bands";
import { bandPicture } from "./band-picture";
import { bandOf } from "./zones";

test("a band is drawn without gaps, its optimum and target above its zones", () => {
  const pain = bandOf(bands, "pain");
  if (!pain) throw new Error("pain has a band");
  const [target, optimum, zones] = bandPicture(pain).split(/, (?=linear)/);
  expect(target).toContain("var(--ink) calc(30% - 1px)");
  expect(optimum).toContain("var(--ruler-optimum) 20% 40%");
  expect(zones).toBe(
    "linear-gradient(to right, var(--ruler-warn) 0% 20%, var(--ruler-ok) 20% 50%, var(--ruler-warn) 50% 60%, " +
      "var(--ruler-block) 60% 70%, var(--ruler-critical) 70% 100%)",
  );
});
