import { firingGroups } from "../alerts/groups";
import { isUnjudged, lastSeen, lightSince, type SubjectState, worstFirst } from "../board/subject-state";
import type { Alert, Light, Priority } from "../protocol";

export const sorts = ["worst", "name", "freshest", "longest"] as const;
export type Sort = (typeof sorts)[number];

/** What a lamp shows; `unknown` while nobody has judged the subject. */
export type Shown = Light | "unknown";
/** The worst first, as everywhere. */
export const lights = ["red", "black", "yellow", "green", "unknown"] as const;

/** What the overview tells of one subject. */
export type Row = {
  state: SubjectState;
  light: Shown;
  /** Milliseconds since 1970: the newest sample, and since when the light shows what it shows. */
  seen: number | undefined;
  since: number | undefined;
  /** How many things its alerts are about, and the most urgent of them. */
  firing: number;
  worst: Priority | undefined;
};

/** Subjects whose names begin alike, the worst first; nameless when the names have no common beginning. */
export type Group = { name: string; rows: Row[] };

/** Ages within this are one age: a list that reorders itself every second cannot be read. */
const SAME_AGE_MS = 5_000;

/**
 * A row for each subject, the worst first. Of the past of all subjects levels are told and not every sample: when the
 * newest one came is not known then.
 */
export function rowsOf(states: Iterable<SubjectState>, alerts: Iterable<Alert>, now: number, isPast = false): Row[] {
  const bySubject = new Map<string, { firing: number; worst: Priority }>();
  for (const { top } of firingGroups(alerts)) {
    const known = bySubject.get(top.subject);
    const worst = known && known.worst < top.priority ? known.worst : top.priority;
    bySubject.set(top.subject, { firing: (known?.firing ?? 0) + 1, worst });
  }
  return worstFirst(states).map((state) => {
    const alerts = bySubject.get(state.subject);
    return {
      state,
      light: isUnjudged(state, now) ? "unknown" : state.light,
      seen: isPast ? undefined : lastSeen(state),
      since: lightSince(state),
      firing: alerts?.firing ?? 0,
      worst: alerts?.worst,
    };
  });
}

/** Those whose name has `search` in it and whose lamp shows one of `wanted`; without any wanted all lamps. */
export function found(rows: readonly Row[], search: string, wanted: ReadonlySet<Shown>): Row[] {
  const part = search.trim().toLowerCase();
  return rows.filter(
    ({ state, light }) => state.subject.toLowerCase().includes(part) && (wanted.size === 0 || wanted.has(light)),
  );
}

/** Puts rows that come the worst first into another order; equal ones stay the worst first. */
export function sorted(rows: readonly Row[], sort: Sort, now: number): Row[] {
  const age = ({ seen }: Row) => (seen === undefined ? Number.MAX_VALUE : Math.floor((now - seen) / SAME_AGE_MS));
  const orders: Record<Sort, (a: Row, b: Row) => number> = {
    worst: () => 0,
    name: (a, b) => a.state.subject.localeCompare(b.state.subject, "en", { numeric: true }),
    freshest: (a, b) => age(a) - age(b),
    longest: (a, b) => (a.since ?? Number.MAX_VALUE) - (b.since ?? Number.MAX_VALUE),
  };
  return [...rows].sort(orders[sort]);
}

/** The part of a name before its first `.` or `/`: who names subjects so means that they belong together. */
export function groupOf(subject: string): string | undefined {
  return /^([^./]+)[./]./.exec(subject)?.[1];
}

/** Rows by the beginning of their names, in the order of the first of each; what belongs to nobody comes last. */
export function grouped(rows: readonly Row[]): Group[] {
  const byName = new Map<string, Row[]>();
  for (const row of rows) {
    const name = groupOf(row.state.subject) ?? "";
    const members = byName.get(name);
    if (members) members.push(row);
    else byName.set(name, [row]);
  }
  const groups = [...byName].map(([name, members]) => ({ name, rows: members }));
  return [...groups.filter(({ name }) => name !== ""), ...groups.filter(({ name }) => name === "")];
}
