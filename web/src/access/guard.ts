import { effect, untracked } from "@preact/signals";
import type { Connection } from "../stream/connection";
import { access, askSession } from "./session";

/**
 * While somebody has to log in nothing is streamed; from then on it goes on where it was. A browser does not tell why a
 * connection was refused: the service is asked whether this page is still let in.
 */
export function guard(connection: Connection): void {
  effect(() => {
    const { kind } = access.value;
    untracked(() => (kind === "out" ? connection.hold() : connection.retryNow()));
  });
  effect(() => {
    const hasFailed = connection.failures.value > 0;
    const { kind } = access.peek();
    if (hasFailed && (kind === "in" || kind === "unknown")) untracked(() => void askSession());
  });
}
