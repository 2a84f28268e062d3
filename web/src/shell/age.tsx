import { now } from "../clock";
import { age } from "../language/format";

/** How old something is, on the service's clock, renewed each second. */
export function Age({ at }: { at: number }) {
  return (
    <time class="age" dateTime={new Date(at).toISOString()} title={new Date(at).toISOString()}>
      {age(at, now.value)}
    </time>
  );
}
