import { beforeEach, expect, test, vi } from "vitest";

const now = 1_800_000_000_000;
let frames: ((time: number) => void)[];
let monotonic: number;

/** The timeline reads what the browser remembers, and draws when the browser does. */
async function timeline(isHeld = () => false) {
  vi.resetModules();
  frames = [];
  monotonic = 0;
  vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
  vi.stubGlobal("performance", { now: () => monotonic });
  vi.stubGlobal("requestAnimationFrame", (frame: (time: number) => void) => frames.push(frame));
  vi.spyOn(Date, "now").mockReturnValue(now);
  const clock = await import("../clock");
  const { Timeline } = await import("./timeline");
  return { timeline: new Timeline(isHeld), clock };
}

function pass(ms: number): void {
  monotonic += ms;
  for (const frame of frames.splice(0)) frame(monotonic);
}

beforeEach(() => void vi.restoreAllMocks());

test("live, the window ends at the present", async () => {
  const { timeline: time } = await timeline();
  expect(time.mode.value).toBe("live");
  expect(time.window()).toEqual({ from: now - 900_000, to: now });
});

test("going back keeps the window where it was, unless the moment lies outside it", async () => {
  const { timeline: time, clock } = await timeline();
  time.seek(now - 60_000);
  expect([time.mode.value, clock.shownAt.value]).toEqual(["paused", now - 60_000]);
  expect(time.past.value).toEqual({ from: now - 900_000, to: now });
  time.seek(now - 3_600_000);
  const { from, to } = time.window();
  expect((now - 3_600_000 - from) / (to - from)).toBeCloseTo(0.6);
});

test("the future is the present", async () => {
  const { timeline: time } = await timeline();
  time.seek(now - 1_000);
  time.seek(now + 1);
  expect(time.mode.value).toBe("live");
});

test("time plays on as fast as is wished, and arrives at the present", async () => {
  const { timeline: time, clock } = await timeline();
  time.seek(now - 60_000);
  time.speed.value = 10;
  time.play();
  expect(time.mode.value).toBe("replay");
  pass(1_000);
  expect(clock.shownAt.value).toBe(now - 50_000);
  pass(6_000);
  expect(time.mode.value).toBe("live");
});

test("while the next moment is not there, time stands still and does not jump afterwards", async () => {
  let isHeld = true;
  const { timeline: time, clock } = await timeline(() => isHeld);
  time.seek(now - 60_000);
  time.play();
  pass(5_000);
  expect(clock.shownAt.value).toBe(now - 60_000);
  isHeld = false;
  pass(1_000);
  expect(clock.shownAt.value).toBe(now - 59_000);
});

test("a window is turned over before the moment leaves it", async () => {
  const { timeline: time, clock } = await timeline();
  time.seek(now - 3_600_000);
  time.speed.value = 1_000;
  time.play();
  for (let i = 0; i < 10; i += 1) {
    pass(100);
    const [{ from, to }, at] = [time.window(), clock.shownAt.value ?? 0];
    expect(at).toBeGreaterThanOrEqual(from);
    expect(at).toBeLessThanOrEqual(to);
  }
});

test("while the moment moves within it the window is the very same: nothing is loaded again", async () => {
  const { timeline: time, clock } = await timeline();
  time.seek(now - 60_000);
  const window = time.past.value;
  time.play();
  pass(1_000);
  expect(clock.shownAt.value).toBe(now - 59_000);
  expect(time.past.value).toBe(window);
});

test("another range keeps the moment at its place in the window", async () => {
  const { timeline: time } = await timeline();
  const { ranges } = await import("../history/ranges");
  time.seek(now - 40_000_000);
  time.chooseRange(ranges[2]);
  const { from, to } = time.window();
  expect(to - from).toBe(3_600_000);
  expect((now - 40_000_000 - from) / (to - from)).toBeCloseTo(0.6);
});
