import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ServerFrame } from "../protocol";
import { type Phase, Stream } from "./stream";

/** A socket whose other end is the test. */
class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  readonly sent: Record<string, unknown>[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  isClosed = false;

  constructor() {
    FakeSocket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.isClosed = true;
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  say(frame: Record<string, unknown>) {
    this.onmessage?.({ data: JSON.stringify({ server_time: "2026-01-01T00:00:00Z", ...frame }) });
  }
  /** Answers the subscription. */
  begin(resumed = false) {
    this.open();
    this.say({ type: "subscribed", resumed });
    if (!resumed) this.say({ type: "snapshot", cursor: "c0", subjects: [], alerts: [] });
  }
}

const phases: Phase["kind"][] = [];
const frames: string[] = [];
const latest = () => FakeSocket.all.at(-1) as FakeSocket;

function stream(): Stream {
  const listener = {
    onFrame: (frame: ServerFrame) => frames.push("cursor" in frame ? frame.cursor : frame.type),
    onPhase: (phase: Phase) => phases.push(phase.kind),
  };
  const made = new Stream("ws://example.com/ws", { channels: ["pain"] }, listener, () => 0.5);
  made.open();
  return made;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  phases.length = frames.length = 0;
});
afterEach(() => vi.useRealTimers());

test("a page is live once it has a snapshot", () => {
  stream();
  latest().open();
  expect(latest().sent).toEqual([{ type: "subscribe", channels: ["pain"] }]);
  latest().say({ type: "subscribed", resumed: false });
  expect(phases).toEqual([]);
  latest().say({ type: "snapshot", cursor: "c0", subjects: [], alerts: [] });
  expect(phases).toEqual(["live"]);
});

test("after a loss it comes back and continues from the last cursor", () => {
  stream();
  latest().begin();
  latest().say({ type: "update", prev: "c0", cursor: "c1" });
  latest().say({ type: "heartbeat", cursor: "c2", bus: "live" });
  latest().onclose?.({ code: 1012 });
  expect(phases).toEqual(["live", "waiting"]);
  vi.advanceTimersByTime(125);
  latest().begin(true);
  expect(FakeSocket.all).toHaveLength(2);
  expect(latest().sent).toEqual([{ type: "subscribe", channels: ["pain"], resume: "c2" }]);
  expect(phases).toEqual(["live", "waiting", "connecting", "live"]);
});

test("silence for two seconds is not live, and a frame makes it live again", () => {
  stream();
  latest().begin();
  vi.advanceTimersByTime(1_999);
  expect(phases).toEqual(["live"]);
  vi.advanceTimersByTime(1);
  expect(phases).toEqual(["live", "silent"]);
  latest().say({ type: "heartbeat", cursor: "c1", bus: "live" });
  expect(phases).toEqual(["live", "silent", "live"]);
});

test("a connection that stays silent is given up", () => {
  stream();
  latest().begin();
  vi.advanceTimersByTime(5_000);
  expect(FakeSocket.all[0]?.isClosed).toBe(true);
  expect(phases).toEqual(["live", "silent", "waiting"]);
});

test("an update that does not follow is not shown: the last good position is taken up again", () => {
  stream();
  latest().begin();
  latest().say({ type: "update", prev: "c5", cursor: "c6" });
  expect(frames).toEqual(["subscribed", "c0"]);
  vi.advanceTimersByTime(125);
  latest().open();
  expect(latest().sent[0]?.resume).toBe("c0");
});

test("a log that begins anew is not resumed", () => {
  stream();
  latest().begin();
  latest().onclose?.({ code: 4102 });
  vi.advanceTimersByTime(125);
  latest().open();
  expect(latest().sent[0]?.resume).toBeUndefined();
});

test("who is asked to stay away stays away, until a person asks", () => {
  const made = stream();
  latest().begin();
  latest().onclose?.({ code: 4503 });
  vi.advanceTimersByTime(3_600_000);
  expect(FakeSocket.all).toHaveLength(1);
  expect(phases).toEqual(["live", "refused"]);
  made.open();
  expect(FakeSocket.all).toHaveLength(2);
});

test("waits grow while it fails and are short again after a good connection", () => {
  stream();
  for (const wait of [125, 250, 500]) {
    latest().onclose?.({ code: 1006 });
    const before = FakeSocket.all.length;
    vi.advanceTimersByTime(wait - 1);
    expect(FakeSocket.all).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.all).toHaveLength(before + 1);
  }
  latest().begin();
  for (let second = 0; second < 5; second += 1) {
    vi.advanceTimersByTime(1_000);
    latest().say({ type: "heartbeat", cursor: "c1", bus: "live" });
  }
  latest().onclose?.({ code: 1006 });
  const before = FakeSocket.all.length;
  vi.advanceTimersByTime(125);
  expect(FakeSocket.all).toHaveLength(before + 1);
});

test("after a change of interest nothing of the old one is shown", () => {
  const made = stream();
  latest().begin();
  made.setInterest({ channels: ["trust"] });
  latest().say({ type: "update", prev: "c0", cursor: "c1" });
  latest().say({ type: "heartbeat", cursor: "c1", bus: "live" });
  latest().say({ type: "subscribed", resumed: false });
  latest().say({ type: "update", prev: "c1", cursor: "c2" });
  latest().say({ type: "snapshot", cursor: "d0", subjects: [], alerts: [] });
  latest().say({ type: "update", prev: "d0", cursor: "d1" });
  expect(frames).toEqual(["subscribed", "c0", "subscribed", "d0", "d1"]);
});

test("what is not understood is passed over", () => {
  stream();
  latest().begin();
  latest().onmessage?.({ data: "not json" });
  latest().say({ type: "tomorrow" });
  expect(phases).toEqual(["live"]);
});
