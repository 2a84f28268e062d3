import type { Level } from "../protocol";

/** What an artifact belongs to: the ids of these. */
export type About = { alert?: string; experiment?: string; events?: string[] };

/** A ∆DΩΛ record, and what it belongs to. */
export type Artifact = About & {
  id: string;
  subject: string;
  at: string;
  /** What the checks say of it. */
  status: Level;
  by: string;
  /** Whatever its maker wrote: the checks know some of its fields, and keep the others. Left out where it is only told of. */
  record?: unknown;
};
