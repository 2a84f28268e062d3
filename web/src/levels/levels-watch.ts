import { signal } from "@preact/signals";
import { Board } from "../board/board";
import { vitals } from "../protocol";
import { Connection, streamUrl } from "../stream/connection";

/** A long table is read, not watched: drawing it at every sample would leave the browser no time for anything else. */
const pause = (subjects: number) => (subjects > 20 ? 500 : 0);

/** What the pages of levels show: every subject, live. */
export class LevelsWatch {
  readonly board = new Board(pause);
  readonly connection = new Connection();
  /** Whether the service has said what subjects there are. */
  readonly isKnown = signal(false);

  start(): void {
    this.connection.add(streamUrl(), { channels: [...vitals, "levels"] }, (frame) => {
      this.board.take(frame);
      if (frame.type === "snapshot") this.isKnown.value = true;
    });
  }
}
