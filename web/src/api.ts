import { access, askSession, whenIn } from "./access/session";
import type { Artifact } from "./artifacts/artifact";
import type { Experiment } from "./experiments/experiment";
import type { Alert, Backtest, Budget, Config, Event, EventKind, History, PastStretch, RuleNow } from "./protocol";

const TIMEOUT_MS = 10_000;

/** The service said no, or nothing; `message` says why where it is known. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number | undefined,
  ) {
    super(message);
  }
}

/**
 * Asks the service. Who must log in first does not lose what they read: it is asked for again afterwards. What changes
 * something (not `isRead`) is never sent again by itself: somebody else may have logged in.
 */
async function request<T>(
  path: string,
  init: RequestInit = {},
  timeoutMs = TIMEOUT_MS,
  isRead = init.method === undefined,
): Promise<T> {
  for (;;) {
    if (isRead && access.peek().kind === "out") await whenIn(init.signal);
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    const response = await fetch(new URL(`api/v1/${path}`, document.baseURI), { ...init, signal });
    if (response.ok) return (await response.json()) as T;
    const isOut = response.status === 401 && (await askSession()).kind === "out";
    if (isOut && isRead) continue;
    const problem = (await response.json().catch(() => undefined)) as { title?: string; detail?: string } | undefined;
    throw new ApiError(problem?.detail || problem?.title || response.statusText, response.status);
  }
}

export async function fetchConfig(): Promise<Config> {
  return (await request<{ config: Config }>("config")).config;
}

/** The latest alerts, firing and resolved. */
export async function fetchAlerts(limit: number): Promise<Alert[]> {
  return (await request<{ alerts: Alert[] }>(`alerts?limit=${limit}`)).alerts;
}

/** The alerts of a subject, or of all, that fired at any time between two moments. */
export async function fetchAlertsBetween(
  subject: string | undefined,
  from: Date,
  to: Date,
  limit: number,
  signal: AbortSignal,
): Promise<Alert[]> {
  const query = new URLSearchParams({ ...between(from, to), limit: String(limit) });
  if (subject !== undefined) query.set("subject", subject);
  return (await request<{ alerts: Alert[] }>(`alerts?${query}`, { signal })).alerts;
}

type EventsQuery = {
  subject: string;
  kinds: readonly EventKind[];
  from: Date;
  to: Date;
  limit: number;
  /** Only the last of each kind within each step of so many seconds. */
  step: number | undefined;
  signal: AbortSignal;
};

/** What the engine concluded of a subject between two moments, the latest first. */
export async function fetchEvents({ subject, kinds, from, to, limit, step, signal }: EventsQuery): Promise<Event[]> {
  const query = new URLSearchParams({ subject, kinds: kinds.join(","), ...between(from, to), limit: String(limit) });
  if (step !== undefined) query.set("step", String(step));
  return (await request<{ events: Event[] }>(`events?${query}`, { signal })).events;
}

/** How the rules of this name, or beginning with it, stand for a subject now; without a name all of them. */
export async function fetchExplanation(subject: string, rule?: string, signal?: AbortSignal): Promise<RuleNow[]> {
  const query = new URLSearchParams({ subject, ...(rule !== undefined && { rule }) });
  return (await request<{ explanation: { rules: RuleNow[] } }>(`explain?${query}`, { signal })).explanation.rules;
}

type PastQuery = { subject: string | undefined; from: Date; to: Date; step: number | undefined; signal: AbortSignal };

/** A stretch of the past to play; without a subject what is known of all of them. */
export async function fetchPast({ subject, from, to, step, signal }: PastQuery): Promise<PastStretch> {
  const query = new URLSearchParams(between(from, to));
  if (subject !== undefined) query.set("subject", subject);
  if (step !== undefined) query.set("step", String(step));
  return (await request<{ past: PastStretch }>(`past?${query}`, { signal })).past;
}

const between = (from: Date, to: Date) => ({ from: from.toISOString(), to: to.toISOString() });

export async function fetchHistory(
  subject: string,
  from: Date,
  to: Date,
  stepSeconds: number,
  signal: AbortSignal,
): Promise<History> {
  const query = new URLSearchParams({ ...between(from, to), step: String(stepSeconds) });
  const path = `subjects/${encodeURIComponent(subject)}/history?${query}`;
  return (await request<{ history: History }>(path, { signal })).history;
}

/** How the objectives of a subject stand; none while the engine has nothing to account for. */
export async function fetchBudgets(subject: string, signal: AbortSignal): Promise<Budget[]> {
  const { slo } = await request<{ slo: { budgets: Budget[] }[] }>(`slo?${new URLSearchParams({ subject })}`, {
    signal,
  });
  return slo[0]?.budgets ?? [];
}

/** A week may hold millions of samples. */
const BACKTEST_TIMEOUT_MS = 30_000;

/** What the past of a subject would have been with some edges elsewhere. */
export async function backtest(
  subject: string,
  since: string,
  edges: Readonly<Record<string, number>>,
  signal: AbortSignal,
): Promise<Backtest> {
  const init = { ...post({ subject, since, edges }), signal };
  return (await request<{ backtest: Backtest }>("backtest", init, BACKTEST_TIMEOUT_MS, true)).backtest;
}

const post = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

export async function acknowledge(id: string, by: string, note: string): Promise<Alert> {
  const path = `alerts/${encodeURIComponent(id)}/acknowledge`;
  return (await request<{ alert: Alert }>(path, post({ by, note }))).alert;
}

/** "Do not tell us of this for a while": of one rule, or without it of all about the subject. */
export async function silence(wish: {
  subject: string;
  rule: string | undefined;
  for: string;
  by: string;
  note: string;
}): Promise<void> {
  await request("silences", post(wish));
}

/** Ends one early; `by` whom, if they have ever said so. */
export async function endSilence(id: string, by: string | undefined): Promise<void> {
  const query = by ? `?${new URLSearchParams({ by })}` : "";
  await request(`silences/${encodeURIComponent(id)}${query}`, { method: "DELETE" });
}

/** Begins an experiment that is shipped; answers what was begun. */
export async function beginExperiment(name: string): Promise<Experiment> {
  return (await request<{ experiment: Experiment }>("experiments", post({ name }))).experiment;
}

export async function stopExperiment(id: string, by: string, note: string): Promise<void> {
  await request(`experiments/${encodeURIComponent(id)}/stop`, post({ by, note }));
}

/** What artifacts are asked for by: their own id, or that of an alert, an experiment or an event that they belong to. */
export type ArtifactsOf = { id: string } | { alert: string } | { experiment: string } | { event: string };

/** The artifacts that belong to something, with their records, the latest first. */
export async function fetchArtifacts(of: ArtifactsOf, limit: number, signal: AbortSignal): Promise<Artifact[]> {
  if ("id" in of) {
    const path = `artifacts/${encodeURIComponent(of.id)}`;
    return [(await request<{ artifact: Artifact }>(path, { signal })).artifact];
  }
  const query = new URLSearchParams({ ...of, limit: String(limit) });
  return (await request<{ artifacts: Artifact[] }>(`artifacts?${query}`, { signal })).artifacts;
}
