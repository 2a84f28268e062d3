import { expect, test } from "vitest";
import type { Experiment } from "../experiments/experiment";
import type { Moment } from "../happenings/moments";
import type { Alert, Event, Seam } from "../protocol";
import type { Artifact } from "./artifact";
import { ownFirst, placesOf } from "./belongs";

const at = Date.UTC(2026, 0, 1);
const iso = (ms: number) => new Date(ms).toISOString();
const experiment = { id: "e", name: "e", subject: "lab", by: "Ann", from: iso(at - 9_000), until: iso(at), dose: 0 };
const base = { id: "s", subject: "lab", at: iso(at) };
const seam: Moment = { id: "s", at, kind: "seam", title: "", event: { ...base, kind: "seam", seam: {} as Seam } };
const around: Experiment[] = [experiment];

test("an alert and an event are asked for their own artifact first, then for that of the experiment around them", () => {
  const alert: Moment = { id: "a", at, kind: "alert", title: "", alert: { id: "a" } as Alert };
  expect(placesOf(alert, [])).toEqual([{ of: { alert: "a" } }]);
  expect(placesOf(alert, around).map(({ of }) => of)).toEqual([{ alert: "a" }, { experiment: "e" }]);
  expect(placesOf(seam, around)).toEqual([{ of: { event: "s" } }, { of: { experiment: "e" }, via: experiment }]);
});

test("an experiment has its own, and an artifact is one", () => {
  const event: Event<"experiment"> = { ...base, kind: "experiment", change: "begun", experiment };
  expect(placesOf({ ...seam, event }, around)).toEqual([{ of: { experiment: "e" } }]);
  const artifact = { ...base, kind: "artifact", artifact: { id: "a" } } as Event<"artifact">;
  expect(placesOf({ ...seam, event: artifact }, around)).toEqual([{ of: { id: "a" } }]);
});

test("what is kept of an alert within an experiment is not that of the experiment", () => {
  const [ofAlert, ofExperiment] = [
    { id: "1", alert: "a", experiment: "e" },
    { id: "2", experiment: "e" },
  ] as Artifact[];
  const ids = (place: Parameters<typeof ownFirst>[1]) => {
    const { own, others } = ownFirst(
      [ofAlert, ofExperiment].flatMap((each) => each ?? []),
      place,
    );
    return [own, others].map((some) => some.map(({ id }) => id));
  };
  expect(ids({ of: { experiment: "e" } })).toEqual([["2"], ["1"]]);
  expect(ids({ of: { alert: "a" } })).toEqual([["1", "2"], []]);
});
