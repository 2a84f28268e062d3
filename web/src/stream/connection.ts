import { batch, computed, signal } from "@preact/signals";
import { hear, serverNow } from "../clock";
import type { Heartbeat, ServerFrame } from "../protocol";
import { type Interest, type Phase, Stream } from "./stream";

/** How the page as a whole is connected. Only in `live` does it show the present. */
export type ConnectionState =
  | { kind: "connecting" }
  | { kind: "live"; bus: Heartbeat["bus"] }
  | { kind: "lost"; since: number | undefined; retryAt: number | undefined }
  | { kind: "refused"; since: number | undefined; code: number | undefined };

/** All streams of a page, taken as one: it is live when every one of them is. */
export class Connection {
  readonly #streams: Stream[] = [];
  readonly #phases = signal<readonly Phase[]>([]);
  readonly #bus = signal<Heartbeat["bus"]>("live");
  /** Since when it is not live, on the server's clock; nothing while it is, or before it first was. */
  readonly #lostSince = signal<number | undefined>(undefined);
  /** Which streams were live at some time: one that is new has nothing to lose. */
  readonly #wereLive = new Set<number>();
  #isHeld = false;
  /** How many times a stream did not come about, or was told to stay away. */
  readonly failures = signal(0);
  /** When the service last merged frames because this page reads too slowly, on the server's clock. */
  readonly laggedAt = signal<number | undefined>(undefined);

  readonly state = computed<ConnectionState>(() => {
    const phases = this.#phases.value;
    const since = this.#lostSince.value;
    const refused = phases.find((phase) => phase.kind === "refused");
    if (refused) return { kind: "refused", since, code: refused.code };
    if (phases.every((phase) => phase.kind === "live")) return { kind: "live", bus: this.#bus.value };
    const waits = phases.flatMap((phase) => (phase.kind === "waiting" ? phase.retryAt : []));
    const isLost = phases.some((phase, index) => phase.kind !== "live" && this.#wereLive.has(index));
    if (!isLost && waits.length === 0) return { kind: "connecting" };
    return { kind: "lost", since, retryAt: waits.length === 0 ? undefined : Math.min(...waits) };
  });

  /** Whether the page once showed the present and does so no longer. */
  readonly isFrozen = computed(() => this.state.value.kind === "lost" || this.state.value.kind === "refused");

  /** Adds a stream and opens it. */
  add(url: string, interest: Interest, onFrame: (frame: ServerFrame) => void): Stream {
    const index = this.#streams.length;
    const stream = new Stream(url, interest, {
      onFrame: (frame) => {
        // A picture may have been made a second ago; the frame before it is of now.
        if ("server_time" in frame && frame.type !== "snapshot") hear(frame.server_time);
        if (frame.type === "heartbeat") this.#bus.value = frame.bus;
        if (frame.type === "lagged") this.laggedAt.value = serverNow();
        onFrame(frame);
      },
      onPhase: (phase) => this.#enter(index, phase, stream),
    });
    this.#streams.push(stream);
    this.#phases.value = [...this.#phases.value, { kind: "connecting" }];
    if (this.#isHeld) stream.hold();
    else stream.open();
    return stream;
  }

  /** Connects at once whatever is not connected. */
  retryNow(): void {
    this.#isHeld = false;
    this.#phases.value.forEach((phase, index) => {
      if (phase.kind === "waiting" || phase.kind === "refused") this.#streams[index]?.open();
    });
  }

  /** Ends all streams until they are retried. */
  hold(): void {
    this.#isHeld = true;
    for (const stream of this.#streams) stream.hold();
  }

  #enter(index: number, phase: Phase, stream: Stream): void {
    const hasFailed = phase.kind === "waiting" && this.#phases.peek()[index]?.kind === "connecting";
    const phases = this.#phases.value.map((known, i) => (i === index ? phase : known));
    if (phase.kind === "live") this.#wereLive.add(index);
    batch(() => {
      this.#phases.value = phases;
      if (hasFailed || (phase.kind === "refused" && phase.code !== undefined)) this.failures.value += 1;
      if (phases.every((each) => each.kind === "live")) this.#lostSince.value = undefined;
      else if (phase.kind !== "live" && this.#wereLive.has(index)) {
        this.#lostSince.value ??= serverNow() - (performance.now() - stream.heardAt);
      }
    });
  }
}

/** Where the service of this page streams. */
export function streamUrl(): string {
  const url = new URL("ws", document.baseURI);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
