import { type Channel, parseFrame, type ServerFrame, type Subscribed } from "../protocol";
import { waitBefore } from "./backoff";
import { farewell } from "./close-codes";

/** Where a stream stands. Only `live` means that what is shown is true now. */
export type Phase =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "silent" }
  | { kind: "waiting"; retryAt: number }
  /** `code` says why the service wants it so; without it nobody is logged in. */
  | { kind: "refused"; code: number | undefined };

/** What to stream; without `subjects` all of them. */
export type Interest = { channels: Channel[]; subjects?: string[] };

export type StreamListener = {
  onFrame(frame: ServerFrame): void;
  onPhase(phase: Phase): void;
};

/** The service sends a heartbeat each second; after two of them are missing nothing shown counts as live. */
export const SILENT_AFTER_MS = 2_000;
/** A silent connection is given up and made anew. */
const GIVEN_UP_AFTER_MS = 5_000;
const CONNECT_WITHIN_MS = 10_000;
/** A connection that lived this long was a good one: the next wait is short again. */
const PROVEN_AFTER_MS = 5_000;
/** The close code of a connection that ended without one. */
const ABNORMAL = 1006;

/** A WebSocket that comes back for ever and continues where it was. */
export class Stream {
  #socket: WebSocket | undefined;
  /** The position after the last frame: to continue from, and what the next update must follow. */
  #cursor: string | undefined;
  /** Subscriptions that were sent and not yet answered: what arrives until then belongs to an earlier interest. */
  #unanswered = 0;
  #awaitsSnapshot = true;
  #attempt = 0;
  #liveSince: number | undefined;
  #phase: Phase = { kind: "connecting" };
  /** When the last frame came, on the monotonic clock. */
  heardAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly url: string,
    private interest: Interest,
    private readonly listener: StreamListener,
    private readonly random: () => number = Math.random,
  ) {}

  /** Connects, at once. Also the answer to "try now". */
  open(): void {
    this.#discard();
    this.#unanswered = 0;
    this.#enter({ kind: "connecting" });
    const socket = new WebSocket(this.url, "iskra.v1");
    this.#socket = socket;
    this.#expectFrameWithin(CONNECT_WITHIN_MS);
    socket.onopen = () => {
      this.#expectFrameWithin(GIVEN_UP_AFTER_MS);
      this.#subscribe();
    };
    socket.onmessage = (message) => this.#receive(message.data);
    socket.onclose = (event) => this.#closed(event.code);
  }

  /** Ends it for good. */
  close(): void {
    this.#discard();
  }

  /** Stays away until it is opened again, and goes on from there. */
  hold(): void {
    this.#discard();
    this.#liveSince = undefined;
    this.#enter({ kind: "refused", code: undefined });
  }

  /** Streams something else from now on, beginning with a snapshot. */
  setInterest(interest: Interest): void {
    this.interest = interest;
    this.#cursor = undefined;
    if (this.#socket?.readyState === WebSocket.OPEN) this.#subscribe();
  }

  #subscribe(): void {
    this.#unanswered += 1;
    this.#socket?.send(JSON.stringify({ type: "subscribe", ...this.interest, resume: this.#cursor }));
  }

  #receive(data: unknown): void {
    const frame = parseFrame(data);
    if (!frame) return;
    this.heardAt = performance.now();
    this.#expectFrameWithin(SILENT_AFTER_MS);
    if (this.#phase.kind === "silent") this.#enter({ kind: "live" });
    if (frame.type === "subscribed") this.#begin(frame);
    else if (this.#unanswered > 0) this.#await(frame);
    else if (frame.type === "snapshot" || !this.#awaitsSnapshot) this.#follow(frame);
  }

  /** What is streamed from now on was told. */
  #begin(frame: Subscribed): void {
    this.#unanswered -= 1;
    if (this.#unanswered > 0) return;
    this.#awaitsSnapshot = !frame.resumed;
    this.listener.onFrame(frame);
    if (frame.resumed) this.#enter({ kind: "live" });
  }

  /** Frames of an earlier interest are of no use; but an error may be the answer. */
  #await(frame: ServerFrame): void {
    if (frame.type === "error") this.#closed(ABNORMAL);
  }

  #follow(frame: ServerFrame): void {
    if (frame.type === "update" && frame.prev !== this.#cursor) {
      // The chain is broken: something is missing, so the last good position is taken up again.
      this.#closed(ABNORMAL);
      return;
    }
    if ("cursor" in frame) this.#cursor = frame.cursor;
    this.listener.onFrame(frame);
    if (frame.type !== "snapshot") return;
    this.#awaitsSnapshot = false;
    this.#enter({ kind: "live" });
  }

  #expectFrameWithin(ms: number): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      if (this.#phase.kind === "live") {
        this.#enter({ kind: "silent" });
        this.#expectFrameWithin(GIVEN_UP_AFTER_MS - SILENT_AFTER_MS);
      } else {
        this.#closed(ABNORMAL);
      }
    }, ms);
  }

  #closed(code: number): void {
    this.#discard();
    const then = farewell(code);
    if (then === "stay-away") {
      this.#enter({ kind: "refused", code });
      return;
    }
    if (then === "return-anew") this.#cursor = undefined;
    if (this.#liveSince !== undefined && performance.now() - this.#liveSince >= PROVEN_AFTER_MS) this.#attempt = 0;
    this.#liveSince = undefined;
    const wait = waitBefore(this.#attempt++, this.random);
    this.#enter({ kind: "waiting", retryAt: performance.now() + wait });
    this.#retry = setTimeout(() => this.open(), wait);
  }

  #enter(phase: Phase): void {
    if (phase.kind === "live") this.#liveSince ??= performance.now();
    if (phase.kind === this.#phase.kind && phase.kind !== "waiting" && phase.kind !== "refused") return;
    this.#phase = phase;
    this.listener.onPhase(phase);
  }

  #discard(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
