/** What the service says and hears: docs/websocket.md and docs/http-api.md as types. */

export const vitals = ["clarity", "chaos", "trust", "pain"] as const;
export type Vital = (typeof vitals)[number];
export type Level = "OK" | "WARN" | "BLOCK";
export type Priority = "P0" | "P1" | "P2";
export type Side = "low" | "high";
export type Light = "green" | "yellow" | "red" | "black";
export type Channel = Vital | "signals" | "levels" | "alerts";
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

export type Subject = { subject: string; light: Light; level: Level; latest?: Sample; verdict?: Verdict };

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
  | { status: "held"; until: string }
  | { status: "suppressed" };

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
export type Config = {
  service: string;
  version: string;
  staleness_seconds: number;
  is_paging: boolean;
  refused?: RefusedRules;
  bands: Band[];
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
  alerts?: { change: "opened" | "notified" | "acknowledged" | "resolved"; alert: Alert }[];
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
