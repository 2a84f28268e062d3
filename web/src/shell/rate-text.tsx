import { present } from "../clock";
import { rate as format } from "../language/format";
import { words } from "../language/language";
import type { Watch } from "../watch/watch";

/** How many samples come in, renewed each second. Nothing while that is not known, or the past is shown. */
export function RateText({ watch }: { watch: Watch }) {
  const text = words.value.pulse;
  // The rate itself is not reactive: it is asked for as often as the clock moves.
  present.value;
  const [short, long] = [watch.rate.perSecond(10), watch.rate.perSecond(60)];
  if (short === undefined || watch.isFrozen.value || watch.timeline.mode.value !== "live") return null;
  return (
    <span class="rate" title={long === undefined ? undefined : text.perMinute(format(long))}>
      {text.perSecond(format(short))}
    </span>
  );
}
