/** What the service says and hears: docs/websocket.md and docs/http-api.md as types. */

import type { Artifact } from "./artifacts/artifact";
import type { Experiment, ExperimentChange, Simulated } from "./experiments/experiment";

export const vitals = ["clarity", "chaos", "trust", "pain"] as const;
export type Vital = (typeof vitals)[number];
export type Level = "OK" | "WARN" | "BLOCK";
export type Priority = "P0" | "P1" | "P2";
export type Side = "low" | "high";
export type Light = "green" | "yellow" | "red" | "black";
export const voices = ["kayn", "pino", "sam", "anhantra", "hundun", "iskriv", "iskra"] as const;
export type Voice = (typeof voices)[number];
export type Channel =
  | Vital
  | "signals"
  | "levels"
  | "alerts"
  | "voices"
  | "actions"
  | "symbols"
  | "tones"
  | "seams"
  | "budgets"
  | "experiments"
  | "artifacts";
export type Text = { en: string; ru: string };

export type Sample = { subject: string; at: string; signals?: Record<string, number | boolean> } & Partial<
  Record<Vital, number>
>;

export type VitalVerdict = {
  level: Level;
  priority?: Priority;
  side?: Side;
  since: string;
  value: number;
  stale: boolean;
};
export type Verdict = Partial<Record<Vital, VitalVerdict>>;

export type Subject = {
  subject: string;
  light: Light;
  level: Level;
  latest?: Sample;
  verdict?: Verdict;
  state?: StateNow;
  tone?: ToneNow;
  chorus?: Chorus;
  silences?: Silence[];
  /** The one that runs, or the latest of a simulated subject. */
  experiment?: Experiment;
};

export type StateNow = { state: string; since: string };
export type ToneNow = { tone: string; voice?: Voice; since: string };
export type Activation = {
  id: string;
  since: string;
  by: string;
  urgency: "medium" | "high" | "critical";
  response: string;
  reason: Text;
};
export type Mood = "resting" | "listening" | "engaged" | "leading" | "waiting";
export type VoiceNow = {
  voice: Voice;
  activity: number;
  energy: number;
  mood: Mood;
  active?: Activation;
  last_active?: string;
};
export type Conflict = {
  between: [Voice, Voice];
  intensity: number;
  leads?: Voice;
  mediates?: Voice;
  since: string;
};
export type Chorus = {
  voices: VoiceNow[];
  leader?: Voice;
  conflicts?: Conflict[];
  synergies?: { between: [Voice, Voice]; strength: number }[];
  harmony: number;
  synthesis_readiness: number;
};

export type Scores = Partial<Record<Vital, number>>;
export type SeamKind = "conflict" | "reset" | "chaos" | "pause" | "weave" | "insight" | "bridge";
export type Seam = {
  id: string;
  from: string;
  to: string;
  kind: SeamKind;
  at: string;
  took: number;
  before: Scores;
  after: Scores;
  intensity: number;
  strong: boolean;
  velocity: number;
  confidence: number;
  triggers: Text[];
  voices_before: Voice[];
  voices_after: Voice[];
  artifact?: string;
};

export type Action = {
  id: string;
  action: string;
  priority: Priority;
  at: string;
  reach: "inside" | "dry_run" | "outside";
  voices?: Voice[];
  parameters?: Record<string, unknown>;
  reason: Text;
  delivery: "none" | "pending" | "delivered" | "failed";
};

/** What the engine concluded, besides levels and alerts. */
export type EventBody =
  | { kind: "levels"; changed: Vital[]; verdict: Verdict }
  | { kind: "signal"; signal: string; value: boolean; reason: Text }
  | { kind: "voice"; voice: Voice; activation: Activation; stood_down?: "done" | "expired" | "rules_changed" }
  | { kind: "conflict"; conflict: Conflict; over: boolean; reason: Text }
  | { kind: "chorus"; chorus: Chorus }
  | { kind: "action"; action: Action }
  | { kind: "symbol"; symbol: string; glyph: string; voice: Voice; reason: Text }
  | { kind: "tone"; from: string; tone: ToneNow; reason: Text }
  | { kind: "seam"; seam: Seam }
  | { kind: "silence"; change: "created" | "ended" | "expired"; silence: Silence }
  | { kind: "experiment"; change: ExperimentChange; experiment: Experiment }
  | { kind: "artifact"; artifact: Artifact }
  | { kind: "bifurcation"; states: string[]; vitals: Scores }
  | { kind: "account"; vital: Vital; from: string; good: number; bad: number };
export type EventKind = EventBody["kind"];
export type Event<K extends EventKind = EventKind> = { id: string; subject: string; at: string } & Extract<
  EventBody,
  { kind: K }
>;

export type LevelChange = {
  subject: string;
  at: string;
  light: Light;
  level: Level;
  changed: Vital[];
  verdict: Verdict;
};

export type Extremes = { last: number; min: number; max: number; count: number };
export type Merged = { subject: string; from: string; latest: Sample; vitals: Partial<Record<Vital, Extremes>> };

export type Notification =
  | { status: "sent"; at: string }
  | { status: "held"; until: string; by?: "cooldown" | "maintenance" | "silence" }
  | { status: "suppressed" };

/** Who is told when: how many steps were taken, and the whole chain. */
export type Escalation = {
  step: number;
  taken: string[];
  lapses: number;
  chain: { role: string; after_seconds: number; channels: string[] }[];
  acknowledge_timeout_seconds?: number;
};

/** A person's wish not to be told of a subject, or of one of its rules, for a while. */
export type Silence = {
  id: string;
  subject: string;
  rule?: string;
  from: string;
  until: string;
  by: string;
  note?: string;
};

export type Alert = {
  id: string;
  subject: string;
  rule: string;
  name: string;
  vital?: Vital;
  side?: Side;
  level: Level;
  priority: Priority;
  state: "firing" | "resolved";
  value: number;
  threshold: number;
  since: string;
  opened_at: string;
  resolved_at?: string;
  notification: Notification;
  acknowledged?: { by: string; at: string; note?: string };
  escalation?: Escalation;
  actions?: string[];
  silenced?: Silence;
  /** Set when nothing real is behind it. */
  simulated?: Simulated;
  summary: Text;
  description: Text;
  recommendation: Text;
};

export type Edge = {
  rule: string;
  side: Side;
  priority: Priority;
  level: Level;
  at: number;
  inclusive: boolean;
};
export type Band = { vital: Vital; name: Text; optimum: [number, number]; target: number; edges: Edge[] };
/** Rules that were read and not taken: those before go on. `line` is missing when the file as a whole is meant. */
export type RefusedRules = { at: string; file?: string; line?: number; message: string };
/** On which port each page is served where no proxy stands before them; 0 if any that was free. */
export type Ports = { pulse: number; seams: number; voices: number };
export type Config = {
  service: string;
  version: string;
  staleness_seconds: number;
  is_paging: boolean;
  ports?: Ports;
  config_hash: string;
  refused?: RefusedRules;
  bands: Band[];
  voices: VoiceRule[];
  actions: Rule[];
  symbols: Rule[];
  tones: Rule[];
  states: Rule[];
};
/** A rule in words: when it holds, and whose it is. */
export type Rule = { id: string; name: Text; when: string; glyph?: string; voice?: Voice };
export type VoiceRule = {
  voice: Voice;
  name: Text;
  archetype: Text;
  colour: string;
  pitch_hertz: number;
  waveform: string;
  rank: number;
};

/** How a rule stands, and why. */
export type RuleNow = {
  kind: string;
  rule: string;
  holds?: boolean;
  why: Text;
  state?: Text;
  cooldown_until?: string;
  /** When it was last held back, and why. */
  suppressed?: { at: string; why: string };
};

/** How fast a budget burns in a long and a short window; a rate is absent while too little was measured. */
export type Burn = {
  rule: string;
  factor: number;
  long_seconds: number;
  short_seconds: number;
  long?: number;
  short?: number;
  firing: boolean;
};
/** How an objective stands. `remaining_ratio` is below 0 when more was used than there is. */
export type Budget = {
  vital: Vital;
  objective: number;
  measured_since: string;
  period_seconds: number;
  good_seconds: number;
  bad_seconds: number;
  measured_ratio: number;
  remaining_ratio: number;
  burns: Burn[];
};

export type HistoryPoint = { at: string } & Partial<Record<Vital, Extremes & { avg: number }>>;
export type History = { subject: string; from: string; to: string; points: HistoryPoint[]; truncated: boolean };

export type Snapshot = {
  type: "snapshot";
  cursor: string;
  server_time: string;
  subjects: Subject[];
  alerts: Alert[];
};
export type Update = {
  type: "update";
  prev: string;
  cursor: string;
  server_time: string;
  samples?: Sample[];
  merged?: Merged[];
  levels?: LevelChange[];
  alerts?: AlertNews[];
  events?: Event[];
};
export type AlertNews = {
  change: "opened" | "notified" | "acknowledged" | "escalated" | "lapsed" | "resolved";
  alert: Alert;
};

/** A stretch of the past in the shapes of the stream: what was so at `from`, and what came after it until `until`. */
export type PastStretch = {
  from: string;
  to: string;
  until: string;
  history_from?: string;
  start: { subjects: Subject[]; alerts: Alert[] };
  updates: ({ at: string } & Pick<Update, "samples" | "merged" | "levels" | "alerts" | "events">)[];
  truncated: boolean;
};
export type Heartbeat = { type: "heartbeat"; cursor: string; server_time: string; bus: "live" | "polling" };
export type Subscribed = { type: "subscribed"; channels: Channel[]; resumed: boolean; server_time: string };
export type Lagged = { type: "lagged"; frames: number };
export type ErrorFrame = { type: "error"; code: string; message: string };
export type ServerFrame = Snapshot | Update | Heartbeat | Subscribed | Lagged | ErrorFrame;

const frameTypes = new Set(["snapshot", "update", "heartbeat", "subscribed", "lagged", "error"]);

/** Reads a frame; nothing for what this page does not know, so that newer services may say more. */
export function parseFrame(data: unknown): ServerFrame | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    const type = (frame as { type?: unknown } | null)?.type;
    return typeof type === "string" && frameTypes.has(type) ? (frame as ServerFrame) : undefined;
  } catch {
    return undefined;
  }
}

/** How often something began, and how long it was so; no time for what takes none. */
export type Figure = { times: number; seconds: number };
/** What the past was, and what it would have been under other rules. */
export type Backtest = {
  subject: string;
  since: string;
  until: string;
  samples: number;
  differences: { area: string; name: string; in_force: Figure; candidate: Figure }[];
  yaml: { file: string; line: number; text: string };
};
