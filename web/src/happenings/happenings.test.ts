import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Event, LevelChange, Update, Verdict } from "../protocol";

const at = "2026-01-01T00:00:10.123456Z";
const verdict: Verdict = { pain: { level: "WARN", since: at, value: 0.55, stale: false } };
const told: Event = { id: "1-7.levels", subject: "agent-7", at, kind: "levels", changed: ["pain"], verdict };
const window = { from: Date.parse("2026-01-01T00:00:00Z"), to: Date.parse("2026-01-01T00:15:00Z") };

/** What the service has, and the pictures that the browser is asked to draw. */
let events: Event[];
let pictures: (() => void)[];

async function happenings() {
  const { Happenings } = await import("./happenings");
  return new Happenings("agent-7", ["levels"]);
}

beforeEach(() => {
  [events, pictures] = [[told], []];
  vi.stubGlobal("document", { baseURI: "http://iskra.test/", hidden: false, addEventListener: () => undefined });
  vi.stubGlobal("requestAnimationFrame", (draw: () => void) => pictures.push(draw));
  vi.stubGlobal("fetch", async (url: URL) => {
    const start = { subjects: [{ subject: "agent-7", light: "green", level: "OK" }], alerts: [] };
    if (url.pathname.endsWith("/past")) return Response.json({ past: { start } });
    return Response.json(url.pathname.endsWith("/events") ? { events } : { alerts: [] });
  });
});

afterEach(() => vi.unstubAllGlobals());

test("what is both loaded and streamed happened once, whichever comes first", async () => {
  const { id: _, kind: __, ...streamed } = told as Extract<Event, { kind: "levels" }>;
  const update = { type: "update", prev: "", cursor: "", server_time: at } as const;
  const levels = [{ ...streamed, light: "yellow", level: "WARN" } as const];
  const seen = await happenings();
  seen.take({ ...update, levels });
  await seen.load(window);
  seen.take({ ...update, levels });
  for (const draw of pictures) draw();
  expect(seen.events.value).toHaveLength(1);
  expect([seen.state.value, seen.start.value?.light]).toEqual(["complete", "green"]);
});

test("an answer that is full tells from when on it is whole", async () => {
  const second = (i: number) => new Date(window.from + 1_000 * i).toISOString();
  events = Array.from({ length: 1_000 }, (_, i) => ({ ...told, id: `${i}.levels`, at: second(1_000 - i) }));
  const seen = await happenings();
  await seen.load(window);
  expect(seen.state.value).toBe("truncated");
  expect(seen.isWhole("levels")).toBe(false);
  expect(seen.allFrom("levels")).toBe(window.from + 1_000);
});

test("of the choruses the last of each step is asked for, so that a day of them is whole", async () => {
  const asked: (string | null)[] = [];
  vi.stubGlobal("fetch", async (url: URL) => {
    if (url.pathname.endsWith("/past")) return Response.json({ past: { start: { subjects: [], alerts: [] } } });
    if (!url.pathname.endsWith("/events")) return Response.json({ alerts: [] });
    asked.push(url.searchParams.get("step"));
    const at = (i: number) => new Date(day.from + 86_400 * (1_000 - i)).toISOString();
    const heard = Array.from({ length: 1_000 }, (_, i) => ({ ...told, kind: "chorus", id: `${i}.chorus`, at: at(i) }));
    return Response.json({ events: heard });
  });
  const day = { from: window.from, to: window.from + 86_400_000 };
  const { Happenings } = await import("./happenings");
  const seen = new Happenings("agent-7", ["chorus"]);
  await seen.load(day);
  expect(asked).toEqual(["87"]);
  expect([seen.state.value, seen.isWhole("chorus")]).toEqual(["complete", true]);
});

test("a page that stays open loads the next window, and forgets what was before it", async () => {
  const seen = await happenings();
  await seen.load(window);
  const span = window.to - window.from;
  const later = (ms: number) => new Date(window.to + ms).toISOString();
  const update = (ms: number): Update => ({
    type: "update",
    prev: "",
    cursor: "",
    server_time: later(ms),
    levels: [level(later(ms))],
  });
  const level = (at: string): LevelChange => ({
    subject: "agent-7",
    at,
    changed: [],
    verdict,
    light: "green",
    level: "OK",
  });
  seen.take(update(1_000));
  expect([seen.from, seen.state.value]).toEqual([window.from, "complete"]);
  events = [];
  seen.take(update(span + 2_000));
  expect(seen.state.value, "what is known stays to be seen").toBe("complete");
  await vi.waitFor(() => expect(seen.from).toBe(window.to + 2_000));
  expect(seen.events.value.map(({ at }) => at)).toEqual([later(span + 2_000)]);
});
