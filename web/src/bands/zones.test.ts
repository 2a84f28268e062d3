import { expect, test } from "vitest";
import type { Band, Edge, Priority, Side } from "../protocol";
import { edgeBeyond, zones } from "./zones";

const edge = (side: Side, priority: Priority, at: number, inclusive: boolean): Edge => ({
  rule: `${side}_${priority}`,
  side,
  priority,
  level: priority === "P2" ? "WARN" : "BLOCK",
  at,
  inclusive,
});

const pain: Band = {
  vital: "pain",
  name: { en: "Pain", ru: "Боль" },
  optimum: [0.2, 0.4],
  target: 0.3,
  edges: [
    edge("high", "P0", 0.7, true),
    edge("high", "P1", 0.6, true),
    edge("high", "P2", 0.5, false),
    edge("low", "P2", 0.2, false),
  ],
};

test("zones cover everything from 0 to 1 in order", () => {
  expect(zones(pain)).toEqual([
    { from: 0, to: 0.2, kind: "warn", side: "low" },
    { from: 0.2, to: 0.5, kind: "ok" },
    { from: 0.5, to: 0.6, kind: "warn", side: "high" },
    { from: 0.6, to: 0.7, kind: "block", side: "high" },
    { from: 0.7, to: 1, kind: "critical", side: "high" },
  ]);
});

test("the most urgent edge counts, and a value on an edge is beyond it only where that is said", () => {
  const beyond = (value: number) => edgeBeyond(pain, value)?.rule;
  expect([0.1, 0.2, 0.5, 0.51, 0.6, 0.69, 0.7, 1].map(beyond)).toEqual([
    "low_P2",
    undefined,
    undefined,
    "high_P2",
    "high_P1",
    "high_P1",
    "high_P0",
    "high_P0",
  ]);
});
