import { expect, test } from "vitest";
import { unknownSubject, withSample } from "../board/subject-state";
import type { Alert, Light, Priority } from "../protocol";
import { found, grouped, groupOf, rowsOf, sorted } from "./rows";

const now = Date.parse("2026-01-01T00:10:00Z");
const ago = (seconds: number) => new Date(now - seconds * 1_000).toISOString();
const subject = (name: string, light: Light, seen: number, since: number) => ({
  ...withSample(unknownSubject(name), { subject: name, at: ago(seen), pain: 0.3 }),
  light,
  level: light === "red" ? ("BLOCK" as const) : ("OK" as const),
  verdict: {
    pain: {
      level: light === "red" ? ("BLOCK" as const) : ("OK" as const),
      since: ago(since),
      value: 0.3,
      stale: false,
    },
  },
});
const alert = (name: string, vital: "pain" | "trust", priority: Priority) =>
  ({ id: `${name}${vital}${priority}`, subject: name, vital, priority, state: "firing", opened_at: "" }) as Alert;
const states = [
  subject("shop.cart", "green", 1, 300),
  subject("shop.pay", "red", 2, 60),
  subject("agent-10", "green", 40, 500),
  subject("agent-9", "green", 3, 100),
];
const rows = rowsOf(states, [], now);
const names = (all: typeof rows) => all.map(({ state }) => state.subject);

test("alerts are counted by what they are about, and the most urgent stands for all", () => {
  const alerts = [alert("shop.pay", "pain", "P1"), alert("shop.pay", "pain", "P0"), alert("shop.pay", "trust", "P2")];
  const [first, second] = rowsOf(states, alerts, now);
  expect([first?.firing, first?.worst]).toEqual([2, "P0"]);
  expect([second?.firing, second?.worst]).toEqual([0, undefined]);
});

test("a subject with fresh samples that nobody has judged is unknown, not silent", () => {
  const fresh = withSample(unknownSubject("new"), { subject: "new", at: ago(1), pain: 0.3 });
  const old = withSample(unknownSubject("old"), { subject: "old", at: ago(90), pain: 0.3 });
  expect(rowsOf([fresh, old], [], now).map(({ light }) => light)).toEqual(["unknown", "black"]);
});

test("rows are found by a part of the name and by their lamp", () => {
  expect(names(found(rows, " SHOP", new Set()))).toEqual(["shop.pay", "shop.cart"]);
  expect(names(found(rows, "", new Set(["red"])))).toEqual(["shop.pay"]);
});

test("each order is what it says; within it the worst comes first", () => {
  expect(names(sorted(rows, "worst", now))[0]).toBe("shop.pay");
  expect(names(sorted(rows, "name", now))).toEqual(["agent-9", "agent-10", "shop.cart", "shop.pay"]);
  // Ages of 1, 2 and 3 s are one age.
  expect(names(sorted(rows, "freshest", now))).toEqual(["shop.pay", "agent-9", "shop.cart", "agent-10"]);
  expect(names(sorted(rows, "longest", now))).toEqual(["agent-10", "shop.cart", "agent-9", "shop.pay"]);
});

test("names belong together by what stands before the first dot or slash", () => {
  expect(["shop.pay", "eu/shop.pay", "agent-7", ".hidden", "end."].map(groupOf)).toEqual([
    "shop",
    "eu",
    undefined,
    undefined,
    undefined,
  ]);
  expect(grouped(rows).map(({ name, rows }) => [name, rows.length])).toEqual([
    ["shop", 2],
    ["", 2],
  ]);
});
