import { useComputed, useSignal } from "@preact/signals";
import { shownAt } from "../clock";
import { type Moment, reasonOf } from "../happenings/moments";
import { time } from "../language/format";
import { words } from "../language/language";
import type { Watch } from "../watch/watch";
import { HeldBackList } from "./held-back-list";

const AT_FIRST = 8;
const kinds: readonly string[] = ["action", "voice", "symbol", "experiment", "artifact"];

/** What Iskra did by itself for the chosen subject in the window of the charts, and what it held back. */
export function Deeds({ watch }: { watch: Watch }) {
  const text = words.value.deeds;
  return (
    <section class="deeds" aria-label={text.title}>
      <div>
        <h2>{text.title}</h2>
        <DeedList watch={watch} />
      </div>
      <div>
        <h2>{text.held}</h2>
        <HeldBackList watch={watch} />
      </div>
    </section>
  );
}

/** What it did, the newest first. */
const deedsOf = (all: readonly Moment[]) => all.filter(({ kind }) => kinds.includes(kind)).reverse();

function DeedList({ watch }: { watch: Watch }) {
  const { deeds: text, happenings, alerts } = words.value;
  const isWhole = useSignal(false);
  const all = useComputed(() => deedsOf(watch.moments.value));
  // What came after the shown moment does not count yet. While it plays, the list is drawn anew only when it grows.
  const yetToCome = useComputed(() => {
    const at = shownAt.value;
    if (at === undefined) return 0;
    const first = all.value.findIndex((deed) => deed.at <= at);
    return first < 0 ? all.value.length : first;
  });
  const state = watch.happenings.value?.state.value;
  const past = all.value.slice(yetToCome.value);
  const shown = isWhole.value ? past : past.slice(0, AT_FIRST);
  if (state === "missing") return <p class="deeds-none">{happenings.missing}</p>;
  if (past.length === 0) return <p class="deeds-none">{state === "loading" ? text.loading : text.none}</p>;
  return (
    <>
      <ul>
        {shown.map((deed) => (
          <Deed key={deed.id} deed={deed} watch={watch} />
        ))}
      </ul>
      {shown.length < past.length && (
        <button type="button" class="quiet" onClick={() => (isWhole.value = true)}>
          {alerts.showAll(past.length)}
        </button>
      )}
      {state === "truncated" && <p class="deeds-none">{happenings.truncated}</p>}
    </>
  );
}

/** One deed; pressed, it is explained. */
function Deed({ deed, watch }: { deed: Moment; watch: Watch }) {
  return (
    <li>
      <button
        type="button"
        class="deed"
        data-kind={deed.kind}
        onClick={() => {
          watch.opened.value = deed.id;
        }}
      >
        <time dateTime={new Date(deed.at).toISOString()}>{time(deed.at)}</time>
        <span class="deed-mark" data-kind={deed.kind} aria-hidden="true" />
        <span class="deed-words">
          <b>{deed.title}</b> <span>{deed.event && reasonOf(deed.event)}</span>
        </span>
      </button>
    </li>
  );
}
