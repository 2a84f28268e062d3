import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { bandPicture } from "../bands/band-picture";
import { now } from "../clock";
import { useKeys } from "../keys/keys";
import { words } from "../language/language";
import { vitals } from "../protocol";
import { VitalSign } from "../shell/icons";
import type { Watch } from "../watch/watch";
import type { OverviewChoice } from "./choice";
import { found, type Group, grouped, groupOf, type Row, rowsOf, sorted } from "./rows";
import { SubjectRow } from "./subject-row";
import { Summary } from "./summary";
import { Toolbar } from "./toolbar";

/** So few subjects are read from across the room. */
const FEW = 8;

/** Of more than so many only those in sight are drawn in full. */
const MANY = 50;

/** All subjects at the shown moment, the worst first: who needs somebody now. */
export function Overview({ watch, choice }: { watch: Watch; choice: OverviewChoice }) {
  const text = words.value.pulse;
  const list = useRef<HTMLDivElement>(null);
  const { board } = watch;
  const isPast = watch.timeline.mode.value !== "live";
  // Ages are told in seconds: within one nothing grows older, however fast the past is played.
  const second = useComputed(() => Math.floor(now.value / 1_000) * 1_000).value;
  const all = rowsOf(board.subjects.value.values(), board.alerts.value.values(), second, isPast);
  const shown = sorted(found(all, choice.search.value, choice.lights.value), choice.sort.value, second);
  const canGroup = all.some(({ state }) => groupOf(state.subject) !== undefined);
  const groups: Group[] = canGroup && choice.isGrouped.value ? grouped(shown) : [{ name: "", rows: shown }];
  useListKeys(list);
  useReturn(list, choice);
  return (
    <section class="overview" aria-label={text.all} style={pictures(watch)}>
      <Summary watch={watch} choice={choice} rows={all} />
      <Toolbar choice={choice} canGroup={canGroup} />
      <div class="subjects" ref={list} data-size={all.length <= FEW ? "few" : undefined}>
        <div class="subjects-head" aria-hidden="true">
          <span />
          <span>{text.subject}</span>
          {vitals.map((vital) => (
            <span key={vital}>
              <VitalSign vital={vital} />
              {words.value.vitals[vital]}
            </span>
          ))}
          <span>{text.alerts}</span>
          <span>{text.sample}</span>
        </div>
        {groups.map(({ name, rows }) => (
          <Rows
            key={name}
            name={groups.length > 1 || name ? name || text.others : ""}
            rows={rows}
            now={second}
            watch={watch}
            isLong={shown.length > MANY}
          />
        ))}
        {shown.length === 0 && <p class="subjects-none">{all.length === 0 ? text.nobodyThen : text.noneShown}</p>}
      </div>
      {isPast && <p class="overview-note">{text.valuesThen}</p>}
    </section>
  );
}

type RowsProps = { name: string; rows: Row[]; now: number; watch: Watch; isLong: boolean };

function Rows({ name, rows, now, watch, isLong }: RowsProps) {
  const staleMs = (watch.config.value?.staleness_seconds ?? Number.POSITIVE_INFINITY) * 1_000;
  const isFrozen = watch.isFrozen.value;
  const isStale = ({ seen }: Row) => seen !== undefined && now - seen > staleMs;
  return (
    <>
      {name !== "" && (
        <h3 class="subjects-group">
          {name} <span>{rows.length}</span>
        </h3>
      )}
      <ul>
        {rows.map((row) => (
          <SubjectRow
            key={row.state.subject}
            watch={watch}
            {...row}
            isStale={isStale(row)}
            isFrozen={isFrozen}
            isLong={isLong}
          />
        ))}
      </ul>
    </>
  );
}

/** The bands as the bullets of this overview show them. */
function pictures(watch: Watch): Record<string, string> {
  const bands = watch.config.value?.bands ?? [];
  return Object.fromEntries(bands.map((band) => [`--band-${band.vital}`, bandPicture(band)]));
}

type ListRef = { readonly current: HTMLDivElement | null };
const links = (list: ListRef) => [...(list.current?.querySelectorAll<HTMLElement>(".row-name") ?? [])];

/** The keys move from subject to subject. */
function useListKeys(list: ListRef): void {
  const move = (by: 1 | -1) => () => {
    const all = links(list);
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
  };
  useKeys([
    { keys: ["ArrowDown", "j"], does: () => words.value.pulse.keys.down, run: move(1) },
    { keys: ["ArrowUp", "k"], does: () => words.value.pulse.keys.up, run: move(-1) },
  ]);
}

/** Who comes back from a subject finds himself where he left. */
function useReturn(list: ListRef, choice: OverviewChoice): void {
  useEffect(() => {
    const place = links(list).find((link) => link.textContent === choice.visited);
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: "center" });
  }, []);
}
