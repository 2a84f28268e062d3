import { plural } from "../plural";

/** The preview of other thresholds, in English. */
export const preview = {
  open: (vital: string) => `Try other thresholds for ${vital}`,
  title: (vital: string, subject: string) => `${vital} of ${subject}: other thresholds`,
  intro:
    "Drag an edge, or move it by the arrow keys, and the last week is judged anew. Nothing is changed: to use it, copy the lines into the file.",
  edge: (level: string, side: string) => `Edge of ${level}, ${side}`,
  reset: "As in force",
  none: "The edges stand as they do in the rules in force.",
  asking: "Judging the last week anew",
  refused: (reason: string) => `Not judged: ${reason}`,
  same: (samples: number) => `Nothing would have been otherwise. ${judged(samples)}`,
  judged,
  table: "What would have been otherwise",
  what: "What",
  was: "Under the rules in force",
  would: "With these edges",
  times: (times: number) => `${times}×`,
  timesFor: (times: number, span: string) => `${times}×, ${span}`,
  yaml: (file: string, line: number) => `${file}, from line ${line}`,
  areas: {
    alert: "Alert",
    told: "Told",
    shown: "Shown",
    light: "Light",
    level: "Level",
    action: "Action",
    action_suppressed: "Action not taken",
    voice: "Voice",
    conflict: "Conflict",
    state: "State",
    tone: "Tone",
    signal: "Signal",
    symbol: "Symbol",
    symbol_suppressed: "Symbol not performed",
    bifurcation: "Bifurcation",
  } as Record<string, string>,
};

function judged(samples: number): string {
  return plural("en", samples, { one: "# sample was judged.", other: "# samples were judged." });
}
