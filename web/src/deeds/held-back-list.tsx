import { fetchExplanation } from "../api";
import { isJudged } from "../board/subject-state";
import { now } from "../clock";
import { countdown, time } from "../language/format";
import { words } from "../language/language";
import { usePolled } from "../polled";
import { config, nameOf } from "../rules/rules";
import type { Watch } from "../watch/watch";
import { type HeldBack, heldBack } from "./held-back";

const EVERY_MS = 10_000;

/** What Iskra would have done, and why it did not: of the present alone, for nobody keeps what was held back when. */
export function HeldBackList({ watch }: { watch: Watch }) {
  const text = words.value.deeds;
  const isLive = watch.timeline.mode.value === "live";
  const isAsked = isLive && !watch.isFrozen.value && isJudged(watch.state.value);
  const polled = usePolled(watch.subject.value, isAsked, "", EVERY_MS, (subject, signal) =>
    fetchExplanation(subject, undefined, signal),
  );
  if (!isLive) return <p class="deeds-none">{text.presentOnly}</p>;
  if (polled.state !== "known") return <p class="deeds-none">{text[polled.state]}</p>;
  const held = heldBack(polled.answer, now.value - watch.timeline.range.value.seconds * 1_000);
  if (held.length === 0) return <p class="deeds-none">{text.noneHeld}</p>;
  return (
    <ul>
      {held.map((each) => (
        <Held key={`${each.kind} ${each.rule}`} held={each} />
      ))}
    </ul>
  );
}

/** A symbol is known by its sign. */
function nameOfRule({ kind, rule }: HeldBack): string {
  if (kind !== "symbol") return nameOf("actions", rule);
  const glyph = config.value?.symbols.find(({ id }) => id === rule)?.glyph;
  return [glyph, nameOf("symbols", rule)].filter(Boolean).join(" ");
}

function Held({ held }: { held: HeldBack }) {
  const text = words.value.deeds;
  const left = held.until === undefined ? 0 : (held.until - now.value) / 1_000;
  return (
    <li class="held">
      <time dateTime={new Date(held.at).toISOString()}>{time(held.at)}</time>
      <span class="deed-mark" data-kind={held.kind} aria-hidden="true" />
      <span class="deed-words">
        <b>{nameOfRule(held)}</b>{" "}
        <span>
          {text.why[held.why] ?? held.why}
          {left > 0 && ` ${text.until(countdown(left))}`}
        </span>
      </span>
    </li>
  );
}
