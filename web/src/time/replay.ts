import { computed } from "@preact/signals";
import type { Board } from "../board/board";
import { Player, type PlayerState } from "./player";

/** Plays the past into a board as the two streams of a page would have told it: levels of all, details of one. */
export class Replay {
  readonly #all: Player;
  readonly #one: Player | undefined;

  constructor(
    readonly subject: string | undefined,
    board: Board,
  ) {
    board.clear();
    this.#all = new Player(undefined, {
      begin: (snapshot) => {
        board.clear();
        board.take(snapshot);
        this.#one?.tellAgain();
      },
      update: (update) => board.take(update),
    });
    if (subject === undefined) return;
    this.#one = new Player(subject, {
      begin: (snapshot) => {
        board.forgetDetails(subject);
        board.takeDetails(snapshot);
      },
      update: (update) => board.takeDetails(update),
    });
  }

  /** Whether the shown moment is all there: the worse of both. */
  readonly state = computed<PlayerState>(() => {
    const states = [this.#all.state.value, this.#one?.state.value ?? "ready"];
    return (["missing", "loading", "idle"] as const).find((state) => states.includes(state)) ?? "ready";
  });

  /** Nothing older than this is kept, in milliseconds since 1970. */
  readonly keptFrom = computed(() => (this.#one ?? this.#all).keptFrom.value);

  show(at: number, speed: number): void {
    this.#all.show(at, speed);
    this.#one?.show(at, speed);
  }

  stop(): void {
    this.#all.stop();
    this.#one?.stop();
  }
}
