import { computed, signal } from "@preact/signals";

/** How this page stands at the door of its service. */
export type Access =
  /** The service has not said yet. */
  | { kind: "unknown" }
  /** Nobody is asked who they are. */
  | { kind: "open" }
  | { kind: "in"; name: string | undefined; scopes: readonly string[]; until: number | undefined }
  /** Nothing is told before somebody logs in: for the first time, or again. */
  | { kind: "out"; why: "first" | "ended" | "unreadable" };

/** Why nobody was let in. */
export type Refusal =
  | { why: "wrong" | "unreadable" | "away" }
  | { why: "many"; seconds: number }
  | { why: "other"; detail: string };

/** As the service tells it. */
type Session = { mode: "open" | "locked"; name?: string; scopes: string[]; expires_at?: string };

const TIMEOUT_MS = 10_000;
/** Of a service that says "too many" without saying for how long. */
const USUAL_WAIT_SECONDS = 60;

export const access = signal<Access>({ kind: "unknown" });

/** Whether this page may change anything: acknowledge, silence, begin and stop experiments. */
export const mayOperate = computed(() => access.value.kind !== "in" || access.value.scopes.includes("operate"));

/** Who is logged in; what is done here is done in this name. */
export const ownName = computed(() => (access.value.kind === "in" ? access.value.name : undefined));

let asking: Promise<Access> | undefined;
let logIns = 0;

/** Asks the service who this page is. What is known stands while it does not answer. */
export function askSession(): Promise<Access> {
  asking ??= ask().finally(() => {
    asking = undefined;
  });
  return asking;
}

async function ask(): Promise<Access> {
  const asked = logIns;
  const response = await call("GET");
  const session = response?.ok ? await read(response) : undefined;
  // Who has logged in meanwhile knows better.
  if (asked !== logIns) return access.peek();
  if (session) enter(session);
  else if (response?.status === 401) leave();
  // A service that knows nothing of sessions lets everybody in.
  else if (response?.status === 404) change({ kind: "open" });
  return access.peek();
}

/** Shows the service a token; nothing is answered when it lets us in. */
export async function logIn(token: string): Promise<Refusal | undefined> {
  const response = await call("POST", { token });
  const session = response?.ok ? await read(response) : undefined;
  if (session) {
    logIns += 1;
    enter(session);
    return access.peek().kind === "out" ? { why: "unreadable" } : undefined;
  }
  if (!response || response.ok || response.status >= 500) return { why: "away" };
  if (response.status === 401) return { why: "wrong" };
  if (response.status === 429) {
    return { why: "many", seconds: Number(response.headers.get("retry-after")) || USUAL_WAIT_SECONDS };
  }
  const problem = (await response.json().catch(() => undefined)) as { detail?: string } | undefined;
  return { why: "other", detail: problem?.detail ?? response.statusText };
}

/** Ends the session. Whether the service did so; what was shown is gone then. */
export async function logOut(): Promise<boolean> {
  const response = await call("DELETE");
  const isOver = response?.ok || response?.status === 401;
  if (isOver) location.reload();
  return Boolean(isOver);
}

/** Waits for as long as somebody has to log in first. */
export function whenIn(signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const given = () => reject(signal?.reason);
    if (signal?.aborted) return given();
    signal?.addEventListener("abort", given, { once: true });
    const stop = access.subscribe(({ kind }) => {
      if (kind === "out") return;
      signal?.removeEventListener("abort", given);
      resolve();
      // It tells at once what is so now, before there is anything to stop.
      queueMicrotask(() => stop());
    });
  });
}

function enter({ mode, name, scopes, expires_at }: Session): void {
  if (mode === "open") change({ kind: "open" });
  else if (!scopes.includes("read")) change({ kind: "out", why: "unreadable" });
  else change({ kind: "in", name, scopes, until: expires_at === undefined ? undefined : Date.parse(expires_at) });
}

function leave(): void {
  const { kind } = access.peek();
  if (kind !== "out") change({ kind: "out", why: kind === "in" ? "ended" : "first" });
}

/** Who listens hears of what is new only. */
function change(to: Access): void {
  if (JSON.stringify(to) !== JSON.stringify(access.peek())) access.value = to;
}

async function call(method: string, body?: unknown): Promise<Response | undefined> {
  const init: RequestInit = { method, signal: AbortSignal.timeout(TIMEOUT_MS) };
  if (body !== undefined) {
    init.headers = { "content-type": "application/json" };
    init.body = JSON.stringify(body);
  }
  return fetch(new URL("api/v1/session", document.baseURI), init).catch(() => undefined);
}

async function read(response: Response): Promise<Session | undefined> {
  return (await response.json().catch(() => undefined)) as Session | undefined;
}
