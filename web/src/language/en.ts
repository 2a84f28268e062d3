import { access } from "./en/access";
import { artifacts } from "./en/artifacts";
import { budgets } from "./en/budgets";
import { climb } from "./en/climb";
import { deeds } from "./en/deeds";
import { experiments } from "./en/experiments";
import { guide } from "./en/guide";
import { happenings } from "./en/happenings";
import { keys } from "./en/keys";
import { preview } from "./en/preview";
import { pulse } from "./en/pulse";
import { save } from "./en/save";
import { seams } from "./en/seams";
import { silences } from "./en/silences";
import { time } from "./en/time";
import { voices } from "./en/voices";
import { plural } from "./plural";

/** Every word of the interface in English. The other languages have the same keys: the compiler sees to it. */
export const en = {
  access,
  artifacts,
  budgets,
  climb,
  deeds,
  experiments,
  guide,
  happenings,
  keys,
  preview,
  pulse,
  save,
  seams,
  silences,
  time,
  voices,
  pages: { label: "Pages", pulse: "Pulse", seams: "Seams", voices: "Voices" },
  vitals: { clarity: "Clarity", chaos: "Chaos", trust: "Trust", pain: "Pain" },
  levels: { OK: "OK", WARN: "WARN", BLOCK: "BLOCK" },
  lights: { green: "All well", yellow: "Warning", red: "Blocked", black: "No data" },
  sides: { low: "too low", high: "too high" },
  priorities: { P0: "P0, critical", P1: "P1, urgent", P2: "P2, can wait" },
  zones: { ok: "OK", warn: "WARN", block: "BLOCK", critical: "Critical", optimum: "Optimum", target: "Target" },
  ranges: { "5m": "5 min", "15m": "15 min", "1h": "1 h", "6h": "6 h", "24h": "24 h", "7d": "7 d" },

  close: "Close",
  neutral: "neutral",
  now: "now",
  ago: (age: string) => `${age} ago`,
  since: (time: string, age: string) => `since ${time}, for ${age}`,
  sinceTime: (time: string) => `since ${time}`,
  at: (time: string) => `at ${time}`,
  neverMeasured: "never measured",
  stale: "stale",
  staleFor: (age: string) => `No value for ${age}`,
  lastKnown: (word: string) => `Last known: ${word}`,
  notNow: "Unknown",
  notJudged: "The SLO engine has not judged this value yet",

  connection: {
    label: "Connection",
    connecting: "Connecting",
    live: "Live",
    polling: "Live, polled",
    pollingHint:
      "The live bus is down: the service reads the log every second instead. Nothing is lost, updates come later.",
    lagged: "Live, merged",
    laggedHint: "This browser reads too slowly, so the service merged frames. Peaks are kept, single values are not.",
    lost: "Connection lost",
    refused: "Disconnected",
    server: "Service clock",
    asOf: (time: string, age: string) => `What you see is as of ${time}, ${age} ago. It may no longer be true.`,
    retryIn: (seconds: string) => `Trying again in ${seconds}.`,
    retrying: "Trying to connect.",
    retryNow: "Try now",
    refusedBecause: (code: number) => `The service closed the connection and asked not to come back (code ${code}).`,
  },

  rules: {
    label: "Rules",
    refused: "The rules cannot be used",
    place: (file: string, line: number | undefined) => (line === undefined ? `${file}:` : `${file}, line ${line}:`),
    since: (time: string) => `Read at ${time}. The rules before go on.`,
  },

  settings: {
    language: "Language",
    theme: "Theme",
    themes: { auto: "Automatic theme", dark: "Dark theme", light: "Light theme" },
  },

  subject: {
    label: "Subject",
    choose: "Choose a subject",
    search: "Search subjects",
    found: (count: number) => plural("en", count, { one: "# subject", other: "# subjects" }),
    noneFound: "No subject has that in its name.",
    unknown: "Nothing has ever been measured on this subject.",
    sample: (age: string) => `Last sample ${age}`,
    none: "No sample yet",
    unjudged: "Not judged yet",
    silent: "No samples arrive. What you see is the last known state, not the present one.",
    firing: (count: number) => plural("en", count, { one: "# alert is firing", other: "# alerts are firing" }),
  },

  chart: {
    range: "Time range",
    label: (vital: string, range: string) => `${vital}, last ${range}. The arrow keys move through time.`,
    okZone: (from: string, to: string) => `OK from ${from} to ${to}`,
    between: (min: string, max: string) => `from ${min} to ${max}`,
    noValue: "no value",
    loading: "Loading history",
    missing: "History is missing where the chart is hatched: the service did not deliver it.",
    retry: "Load again",
    bucket: (step: string) => `One point for each ${step}; the shade shows the extremes in between.`,
    legend: "Zones",
  },

  alerts: {
    title: "Alerts",
    firing: "Firing",
    none: "Nothing is firing",
    resolved: "Recently resolved",
    noneResolved: "No alert has been resolved yet.",
    showAll: (count: number) => `Show all ${count}`,
    also: (priorities: string) => `also ${priorities}`,
    figures: (value: string, threshold: string) => `Fired at ${value}, threshold ${threshold}`,
    burn: (value: string, threshold: string) => `Fired at ×${value}, threshold ×${threshold}`,
    silence: (age: string, threshold: string) => `Silent for ${age} when it fired, threshold ${threshold}`,
    opened: (time: string, age: string) => `${time}, ${age} ago`,
    resolvedAt: (time: string, age: string) => `Resolved ${time}, ${age} ago`,
    lasted: (age: string) => `lasted ${age}`,
    sent: (time: string) => `People were told at ${time}`,
    inboxOnly: "Shown here only: no Alertmanager is set up to tell people",
    simulatedOnly: "Shown here only: it is simulated, and nobody outside is told",
    held: {
      cooldown: (time: string) => `Held back until ${time} by the cooldown`,
      maintenance: (time: string) => `Held back until ${time} by a maintenance window`,
      silence: (time: string) => `Held back until ${time} by a silence`,
    },
    suppressed: "Nobody was told: it was over before anybody was to be",
    silenced: (name: string, time: string) => `Silenced by ${name} until ${time}`,
    doThis: "What to do",
    acknowledge: "Acknowledge",
    acknowledgeOf: (summary: string) => `Acknowledge: ${summary}`,
    acknowledged: (name: string, time: string) => `${name} has it since ${time}`,
    name: "Your name",
    note: "Note (optional)",
    confirm: "I have it",
    cancel: "Cancel",
    sending: "Sending",
    failed: (reason: string) => `Not acknowledged: ${reason}`,
    noAnswer: "the service did not answer",
    recorded: "Recorded. The SLO engine will confirm it in a moment.",
    forSubject: (subject: string) => `Show ${subject}`,
  },

  empty: {
    title: "Nothing is being watched yet",
    body: "Send a first sample, and this page comes alive by itself. Four scores between 0 and 1 tell how a subject is doing; any of them may be left out.",
    copy: "Copy",
    copied: "Copied",
    docs: "All that the service can be asked",
    command: "A command that sends a sample",
  },

  became: (subject: string, word: string) => `${subject}: ${word}`,
};

export type Catalogue = typeof en;
