import { useEffect, useRef, useState } from "preact/hooks";
import { shownAt } from "../clock";
import { time } from "../language/format";
import { words } from "../language/language";
import { SeamRow } from "./seam-row";
import { stateName } from "./state-look";
import type { SeamEvent } from "./stretches";
import type { SeamsView } from "./view";

/** As many as one reads; the others come when they are asked for. */
const SHOWN = 50;
/** The height of the line that says where the shown moment lies. */
const HERE_PIXELS = 26;

/** The seams of the window, the latest first. In the past a line says where among them the shown moment lies. */
export function SeamList({ view }: { view: SeamsView }) {
  const text = words.value.seams;
  const [isWhole, setWhole] = useState(false);
  const pair = view.chosen.value;
  const all = view.listed.value;
  const latest = all.slice(isWhole ? 0 : -SHOWN).reverse();
  return (
    <section class="panel seams-list" aria-labelledby="seams-title">
      <header class="panel-head">
        <h3 id="seams-title">{text.list}</h3>
        <span class="panel-count">{text.count(all.length)}</span>
        {pair && (
          <button
            type="button"
            class="seams-all"
            onClick={() => {
              view.chosen.value = undefined;
            }}
          >
            {text.pair(stateName(pair.from), stateName(pair.to))}
            <span aria-hidden="true"> ✕</span>
            <span class="visually-hidden"> {text.allSeams}</span>
          </button>
        )}
      </header>
      <Told view={view} isEmpty={all.length === 0} />
      <Rows view={view} events={latest} />
      {latest.length < all.length && (
        <button type="button" class="quiet" onClick={() => setWhole(true)}>
          {text.showAll(all.length)}
        </button>
      )}
    </section>
  );
}

/** Why nothing is listed, or not all of it. */
function Told({ view, isEmpty }: { view: SeamsView; isEmpty: boolean }) {
  const { seams: text, happenings, chart } = words.value;
  const known = view.watch.happenings.value;
  const state = known?.state.value ?? "loading";
  if (state === "missing") return <p class="seams-told">{happenings.missing}</p>;
  if (known && !known.isWhole("seam")) return <p class="seams-told">{happenings.truncated}</p>;
  if (!isEmpty) return null;
  if (state === "loading") return <p class="seams-told">{chart.loading}</p>;
  return <p class="seams-told">{view.chosen.value ? text.noneOfPair : text.noneInWindow}</p>;
}

function Rows({ view, events }: { view: SeamsView; events: SeamEvent[] }) {
  const current = view.current.value;
  const isPast = view.watch.timeline.mode.value !== "live";
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (list.current && current) showRow(list.current);
  }, [current]);
  // The line stands above what had happened by then; it moves only when that changes.
  const isLater = (event: SeamEvent) => isPast && (!current || event.at > current.at);
  const later = events.filter(isLater);
  const row = (event: SeamEvent) => (
    <SeamRow
      key={event.id}
      view={view}
      event={event}
      isCurrent={event.id === current?.id}
      isLater={isLater(event)}
      isAside={view.isAside(event.seam)}
    />
  );
  return (
    <ol class="seams-rows" ref={list} tabIndex={0} aria-label={words.value.seams.list}>
      {later.map(row)}
      {isPast && <Here key="here" />}
      {events.slice(later.length).map(row)}
    </ol>
  );
}

/** Brings the row of the shown moment into sight, and moves nothing but the list. */
function showRow(list: HTMLElement): void {
  const row = list.querySelector<HTMLElement>("[data-current]");
  if (!row) return;
  const [top, bottom] = [row.offsetTop - list.offsetTop, row.offsetTop - list.offsetTop + row.offsetHeight];
  // The line above it belongs to it.
  const above = top - HERE_PIXELS;
  if (above < list.scrollTop || bottom > list.scrollTop + list.clientHeight) list.scrollTop = above;
}

/** Where the shown moment lies among the seams. */
function Here() {
  return (
    <li class="seams-here">
      <span>
        {words.value.seams.shownMoment} {shownAt.value !== undefined && time(shownAt.value)}
      </span>
    </li>
  );
}
