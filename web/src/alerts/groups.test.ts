import { expect, test } from "vitest";
import type { Alert, Priority } from "../protocol";
import { firingGroups, resolvedAlerts } from "./groups";

let count = 0;
function alert(priority: Priority, fields: Partial<Alert> = {}): Alert {
  count += 1;
  return {
    id: `a${count}`,
    subject: "agent-7",
    rule: "pain_high",
    name: "PainHigh",
    vital: "pain",
    side: "high",
    level: "BLOCK",
    priority,
    state: "firing",
    value: 0.8,
    threshold: 0.7,
    since: "2026-01-01T00:00:00Z",
    opened_at: `2026-01-01T00:00:${String(count % 60).padStart(2, "0")}Z`,
    notification: { status: "suppressed" },
    summary: { en: "", ru: "" },
    description: { en: "", ru: "" },
    recommendation: { en: "", ru: "" },
    ...fields,
  };
}

test("the most urgent alert speaks for its vital", () => {
  const groups = firingGroups([alert("P2"), alert("P0"), alert("P1"), alert("P1", { vital: "chaos" })]);
  expect(groups.map((group) => [group.top.vital, group.top.priority, group.others.map((a) => a.priority)])).toEqual([
    ["pain", "P0", ["P1", "P2"]],
    ["chaos", "P1", []],
  ]);
});

test("what somebody has taken on comes after what nobody has", () => {
  const acknowledged = { by: "Ann", at: "2026-01-01T00:00:00Z" };
  const groups = firingGroups([alert("P0", { acknowledged }), alert("P2", { subject: "agent-8" })]);
  expect(groups.map((group) => group.top.priority)).toEqual(["P2", "P0"]);
});

test("a group is taken on only when all of it is", () => {
  const acknowledged = { by: "Ann", at: "2026-01-01T00:00:00Z" };
  const groups = firingGroups([
    alert("P1", { acknowledged }),
    alert("P0"),
    alert("P0", { subject: "b", acknowledged }),
  ]);
  expect(groups.map((group) => group.top.subject)).toEqual(["agent-7", "b"]);
});

test("resolved alerts are apart, the latest first", () => {
  const resolved = (resolved_at: string) => alert("P0", { state: "resolved", resolved_at });
  const all = [resolved("2026-01-01T01:00:00Z"), alert("P0"), resolved("2026-01-01T02:00:00Z")];
  expect(firingGroups(all)).toHaveLength(1);
  expect(resolvedAlerts(all).map((a) => a.resolved_at)).toEqual(["2026-01-01T02:00:00Z", "2026-01-01T01:00:00Z"]);
});
