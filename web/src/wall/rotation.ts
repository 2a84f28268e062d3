import { type SubjectState, worstFirst } from "../board/subject-state";

/** What a wall shows in turn: a subject, or all of them at once. */
export type Turn = { subject: string | undefined };

/** So many well subjects take their turn: a wall that shows a hundred shows none of them often enough. */
const WELL_SHOWN = 8;

/** Who is shown after `current`: all at once, those in trouble, then some of those that are well. */
export function nextTurn(states: Iterable<SubjectState>, current: Turn, hasOverview: boolean): Turn {
  const sorted = worstFirst(states);
  const trouble = sorted.filter(({ light }) => light !== "green");
  const well = sorted.filter(({ light }) => light === "green").slice(0, WELL_SHOWN);
  const turns: Turn[] = [
    ...(hasOverview && sorted.length > 1 ? [{ subject: undefined }] : []),
    ...[...trouble, ...(trouble.length > 0 ? [] : well)].map(({ subject }) => ({ subject })),
  ];
  const index = turns.findIndex(({ subject }) => subject === current.subject);
  return turns[(index + 1) % turns.length] ?? current;
}
