import { expect, test } from "vitest";
import type { Experiment, ExperimentChange } from "../experiments/experiment";
import type { Light, Priority, VitalVerdict } from "../protocol";
import {
  fromSnapshot,
  lightSince,
  newestValue,
  type SubjectState,
  unknownSubject,
  withEvent,
  withSample,
  worstFirst,
} from "./subject-state";

const verdict = (level: "OK" | "WARN" | "BLOCK", since: string, priority?: Priority): VitalVerdict => ({
  level,
  since,
  value: 0.5,
  stale: false,
  ...(priority ? { priority } : {}),
});
const state = (subject: string, light: Light, verdicts: SubjectState["verdict"] = {}): SubjectState => ({
  ...unknownSubject(subject),
  light,
  level: light === "red" ? "BLOCK" : light === "yellow" ? "WARN" : "OK",
  verdict: verdicts,
});

test("a late sample does not replace a newer value", () => {
  const newer = withSample(unknownSubject("a"), { subject: "a", at: "2026-01-01T00:00:10Z", pain: 0.4 });
  const late = withSample(newer, { subject: "a", at: "2026-01-01T00:00:05Z", pain: 0.9, trust: 0.7 });
  expect(late.measured.pain?.value).toBe(0.4);
  expect(late.measured.trust?.value).toBe(0.7);
});

test("a snapshot keeps the vitals that its latest sample does not carry", () => {
  const before = withSample(unknownSubject("a"), { subject: "a", at: "2026-01-01T00:00:00Z", trust: 0.7 });
  const latest = { subject: "a", at: "2026-01-01T00:00:10Z", pain: 0.3 };
  const after = fromSnapshot({ subject: "a", light: "green", level: "OK", latest }, before);
  expect([after.measured.trust?.value, after.measured.pain?.value, after.light]).toEqual([0.7, 0.3, "green"]);
});

test("of a sample and a change of level the newer tells the value", () => {
  const measured = withSample(unknownSubject("a"), { subject: "a", at: "2026-01-01T00:00:10Z", pain: 0.4 });
  const judged = (since: string) => ({ ...measured, verdict: { pain: verdict("BLOCK", since) } });
  expect(newestValue(measured, "pain")).toBe(0.4);
  expect(newestValue(judged("2026-01-01T00:00:09Z"), "pain")).toBe(0.4);
  expect(newestValue(judged("2026-01-01T00:00:11Z"), "pain")).toBe(0.5);
  expect(newestValue(judged("2026-01-01T00:00:11Z"), "trust")).toBeUndefined();
});

test("red counts from the first vital that went BLOCK, green from the last that became OK", () => {
  const [early, late] = ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"];
  const red = state("a", "red", {
    pain: verdict("BLOCK", late),
    chaos: verdict("BLOCK", early),
    trust: verdict("OK", early),
  });
  expect(lightSince(red)).toBe(Date.parse(early));
  expect(lightSince(state("a", "green", { pain: verdict("OK", late), chaos: verdict("OK", early) }))).toBe(
    Date.parse(late),
  );
  expect(lightSince(state("a", "black"))).toBeUndefined();
});

test("the worst subject comes first: critical, red, black, yellow, green", () => {
  const critical = state("z", "red", { pain: verdict("BLOCK", "", "P0") });
  const all = [state("g", "green"), state("y", "yellow"), state("b", "black"), state("r", "red"), critical];
  expect(worstFirst(all).map((each) => each.subject)).toEqual(["z", "r", "b", "y", "g"]);
});

test("a subject is simulated until its experiment is over and others measure it again", () => {
  const trial = { id: "1", name: "demo", subject: "a", by: "Ann", from: "", until: "", dose: 0 };
  const ended = { at: "", outcome: "passed", reason: { en: "", ru: "" } } as const;
  const after = (experiment: Experiment, ...changes: ExperimentChange[]) =>
    changes.reduce(
      (state, change) => withEvent(state, { id: change, subject: "a", at: "", kind: "experiment", change, experiment }),
      unknownSubject("a"),
    ).experiment?.id;
  expect(after(trial, "begun")).toBe("1");
  expect(after({ ...trial, simulated: "inbox", ended }, "ended")).toBe("1");
  expect(after({ ...trial, simulated: "inbox", ended }, "ended", "released")).toBeUndefined();
  expect(after({ ...trial, ended }, "ended")).toBeUndefined();
});
