import type { Text, Vital } from "../protocol";

/** How far what happens to a simulated subject reaches: it is only shown, or people are told as if it were real. */
export type Simulated = "inbox" | "people";
export type Outcome =
  | "passed"
  | "failed"
  | "refused"
  | "stopped"
  | "limit"
  | "veto"
  | "action"
  | "overdue"
  | "lost"
  | "window";
export type ExperimentChange = "begun" | "refused" | "steered" | "paused" | "resumed" | "ended" | "released";

/** An experiment on a subject: what its runner announced, and what became of it. */
export type Experiment = {
  id: string;
  name: string;
  subject: string;
  /** Absent for a real subject. */
  simulated?: Simulated;
  by: string;
  from: string;
  /** When it ends by itself, at the latest. */
  until: string;
  phase?: string;
  /** How much chaos is injected, 0 to 10. */
  dose: number;
  /** The action that holds the injection back for now. */
  paused?: string;
  stop?: { vital: Vital; above?: number; below?: number }[];
  ended?: { at: string; outcome: Outcome; by?: string; reason: Text };
};

/** The name of the experiment that shows newcomers around. */
export const DEMO = "demo";
