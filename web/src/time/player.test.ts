import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Player } from "./player";

const second = (s: number) => s * 1_000;
const at = (s: number) => new Date(second(s)).toISOString();

/** One sample each second, whose pain is the second itself; asked for by the second. */
let asked: { from: number; to: number; step: string | null }[];
let told: string[];
let player: Player;
let isDown: boolean;

beforeEach(() => {
  [asked, told, isDown] = [[], [], false];
  vi.stubGlobal("document", { baseURI: "http://iskra.test/" });
  vi.stubGlobal("fetch", async (url: URL) => {
    const query = url.searchParams;
    const [from, to] = ["from", "to"].map((name) => Date.parse(query.get(name) ?? "") / 1_000) as [number, number];
    asked.push({ from, to, step: query.get("step") });
    if (isDown) return new Response("{}", { status: 503 });
    const updates = Array.from({ length: Math.max(0, Math.floor(to) - Math.floor(from)) }, (_, i) => ({
      at: at(Math.floor(from) + i + 1),
    }));
    const start = { subjects: [], alerts: [] };
    return Response.json({ past: { from: at(from), to: at(to), until: at(to), start, updates, truncated: false } });
  });
  player = new Player("agent-7", {
    begin: (snapshot) => told.push(`begin ${Date.parse(snapshot.server_time) / 1_000}`),
    update: (update) => told.push(`${Date.parse(update.server_time) / 1_000}`),
  });
});

afterEach(() => {
  player.stop();
  vi.unstubAllGlobals();
});

const ready = () => vi.waitFor(() => expect(player.state.value).toBe("ready"));

test("a moment that stands still is asked for alone", async () => {
  player.show(second(100), 0);
  await ready();
  expect(asked).toEqual([{ from: 100, to: 100, step: null }]);
  expect(told).toEqual(["begin 100"]);
});

test("what plays is told in order, up to the shown moment and no further", async () => {
  player.show(second(100), 1);
  await ready();
  player.show(second(102.5), 1);
  expect(told).toEqual(["begin 100", "101", "102"]);
  player.show(second(103), 1);
  expect(told.at(-1)).toBe("103");
});

test("going back begins anew, without asking again", async () => {
  player.show(second(100), 1);
  await ready();
  player.show(second(105), 1);
  player.show(second(101), 1);
  expect(told.slice(-2)).toEqual(["begin 100", "101"]);
  expect(asked).toHaveLength(1);
});

test("the next stretch is there before it is needed, and nothing is told twice or left out", async () => {
  player.show(second(100), 1);
  await ready();
  player.show(second(112), 1);
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[1]).toMatchObject({ from: 120 });
  player.show(second(122), 1);
  expect(player.state.value).toBe("loading");
  await ready();
  expect(told).toEqual(["begin 100", ...Array.from({ length: 22 }, (_, i) => String(101 + i))]);
});

test("fast forward asks for merged samples", async () => {
  player.show(second(100), 100);
  await ready();
  expect(asked[0]).toEqual({ from: 100, to: 2_100, step: "10" });
});

test("of all subjects there are no samples to merge, and the service refuses to", async () => {
  player = new Player(undefined, { begin: () => {}, update: () => {} });
  player.show(second(100), 100);
  await ready();
  expect(asked[0]).toEqual({ from: 100, to: 2_100, step: null });
});

test("while one answer is awaited no other is asked for, and the last wish counts", async () => {
  player.show(second(100), 0);
  player.show(second(90), 0);
  player.show(second(80), 0);
  await vi.waitFor(() => expect(told).toEqual(["begin 100", "begin 80"]));
  expect(asked.map(({ from }) => from)).toEqual([100, 80]);
});

test("an answer that does not come is missing, not empty", async () => {
  isDown = true;
  player.show(second(100), 0);
  await vi.waitFor(() => expect(player.state.value).toBe("missing"));
  expect(told).toEqual([]);
});

test("what was told is told again when it was forgotten", async () => {
  player.show(second(100), 1);
  await ready();
  player.show(second(102), 1);
  told.length = 0;
  player.tellAgain();
  expect(told).toEqual(["begin 100", "101", "102"]);
});
