import type { Page, Route, WebSocketRoute } from "@playwright/test";
import type { Artifact } from "../../src/artifacts/artifact";
import type {
  Alert,
  Budget,
  Channel,
  Config,
  Event,
  EventKind,
  History,
  LevelChange,
  PastStretch,
  RefusedRules,
  RuleNow,
  Sample,
  Subject,
  Update,
} from "../../src/protocol";
import { bands } from "./bands";
import { names } from "./names";

/** The channel that an event of a kind is streamed on. */
const channels: Partial<Record<EventKind, Channel>> = {
  voice: "voices",
  conflict: "voices",
  chorus: "voices",
  action: "actions",
  symbol: "symbols",
  tone: "tones",
  signal: "signals",
  experiment: "experiments",
  artifact: "artifacts",
};

/** Who a token lets in, and for what. */
export type Person = { name: string; scopes: string[] };

type Interest = { channels: string[]; subjects?: string[] };

/** A service whose every word the test controls: it speaks docs/websocket.md and docs/http-api.md. */
export class FakeService {
  readonly subjects = new Map<string, Subject>();
  readonly alerts = new Map<string, Alert>();
  readonly subscriptions: (Interest & { resume?: string })[] = [];
  readonly historyRequests: URL[] = [];
  readonly pastRequests: URL[] = [];
  /** How the objectives of the subjects stand; without any of a subject the service does not tell. */
  readonly budgets = new Map<string, Budget[]>();
  /** How rules stand: of whatever subject is asked. */
  rulesNow: RuleNow[] = [];
  /** What the engine has concluded. */
  readonly events: Event[] = [];
  /** The past that is played: by default nothing was known then. */
  past: (from: Date, to: Date, subject: string | undefined) => Pick<PastStretch, "start" | "updates"> | "fails" =
    () => ({
      start: { subjects: [], alerts: [] },
      updates: [],
    });
  /** Whether a resumed stream is continued, or begun anew. */
  canResume = true;
  /** Whether new connections are taken. */
  isUp = true;
  isSilent = false;
  /** How far its clock is ahead, so that time passes without waiting. */
  aheadMs = 0;
  isPaging = true;
  /** Where it says that the pages are served. */
  ports: Config["ports"];
  refused: RefusedRules | undefined;
  bus: "live" | "polling" = "live";
  /** Who may come in by which token; without it everybody may. */
  tokens: Map<string, Person> | undefined;
  /** Who the cookie of this browser speaks for. */
  session: Person | undefined;
  /** Whether it is of a time before there were sessions. */
  isOld = false;
  /** What it answers to whoever wants to log in, instead of looking at their token. */
  door: { status: number; headers?: Record<string, string>; problem?: unknown } | undefined;
  /** What was asked of it by whom it does not know: methods and paths. */
  readonly turnedAway: string[] = [];
  history: (from: Date, to: Date, step: number) => History["points"] | "fails" = () => [];
  acknowledge: (alert: Alert, body: { by: string; note?: string }) => { status: number; body: unknown } = (
    alert,
    body,
  ) => {
    const acknowledged = { ...alert, acknowledged: { ...body, at: new Date().toISOString() } };
    this.alerts.set(alert.id, acknowledged);
    return { status: 200, body: { alert: acknowledged } };
  };
  /** What was asked to be silenced, and which silences to end, by whom. */
  readonly silenceRequests: unknown[] = [];
  readonly endedSilences: string[] = [];
  readonly backtestRequests: unknown[] = [];
  backtest: () => { status: number; body: unknown } = () => ({ status: 503, body: { title: "Busy", status: 503 } });
  /** Which experiments were asked for, and which ones to stop, by whom. */
  readonly experimentRequests: unknown[] = [];
  readonly stoppedExperiments: string[] = [];
  begin: () => { status: number; body: unknown } = () => ({ status: 404, body: { title: "Not found", status: 404 } });
  /** Those that are connected, whether they have asked for anything or not. */
  readonly #open = new Set<WebSocketRoute>();
  readonly #sockets = new Map<WebSocketRoute, Interest>();
  #position = 0;
  #heartbeat: ReturnType<typeof setInterval>;

  private constructor() {
    this.#heartbeat = setInterval(() => this.#beat(), 500);
  }

  static async on(page: Page): Promise<FakeService> {
    const service = new FakeService();
    await page.route("**/api/v1/**", (route) => service.#answer(route));
    await page.routeWebSocket(/\/ws$/, (socket) => service.#connect(socket));
    page.on("close", () => clearInterval(service.#heartbeat));
    return service;
  }

  /** A sample is measured now, and its subject judged as `subject` says. */
  sample(sample: Sample, subject?: Subject): void {
    if (subject) this.subjects.set(subject.subject, subject);
    this.#send({ samples: [sample] }, (interest) => interest.channels.includes("pain"), sample.subject);
    if (subject?.verdict) this.levels({ ...subject, at: sample.at, changed: [], verdict: subject.verdict });
  }

  levels(levels: LevelChange): void {
    this.#send({ levels: [levels] }, (interest) => interest.channels.includes("levels"), levels.subject);
  }

  alert(change: "opened" | "notified" | "acknowledged" | "resolved", alert: Alert): void {
    this.alerts.set(alert.id, alert);
    this.#send({ alerts: [{ change, alert }] }, (interest) => interest.channels.includes("alerts"), alert.subject);
  }

  event(event: Event): void {
    this.events.push(event);
    this.#send(
      { events: [withoutRecord(event)] },
      (interest) => interest.channels.includes(channels[event.kind] ?? "seams"),
      event.subject,
    );
  }

  lag(frames: number): void {
    for (const socket of this.#sockets.keys()) socket.send(JSON.stringify({ type: "lagged", frames }));
  }

  /** Ends every connection. */
  async drop(code = 1012): Promise<void> {
    const sockets = [...this.#open];
    this.#open.clear();
    this.#sockets.clear();
    await Promise.all(sockets.map((socket) => socket.close({ code })));
  }

  /** Ends the session as a revoked token does. */
  async endSession(code = 4501): Promise<void> {
    this.session = undefined;
    await this.drop(code);
  }

  get #isShut(): boolean {
    return this.tokens !== undefined && this.session === undefined;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  #connect(socket: WebSocketRoute): void {
    if (this.#isShut) this.turnedAway.push("GET ws");
    if (!this.isUp || this.#isShut) {
      void socket.close({ code: 1012 });
      return;
    }
    this.#open.add(socket);
    socket.onClose(() => {
      this.#open.delete(socket);
      this.#sockets.delete(socket);
    });
    socket.onMessage((data) => {
      // What was said before it heard that it was closed comes too late.
      if (!this.#open.has(socket)) return;
      const frame = JSON.parse(String(data));
      if (frame.type === "subscribe") this.#subscribe(socket, frame);
    });
  }

  #subscribe(socket: WebSocketRoute, frame: Interest & { resume?: string }): void {
    this.subscriptions.push(frame);
    this.#sockets.set(socket, { channels: frame.channels, subjects: frame.subjects });
    const resumed = frame.resume !== undefined && this.canResume;
    const now = { server_time: this.#time() };
    socket.send(JSON.stringify({ type: "subscribed", channels: frame.channels, status: "ok", resumed, ...now }));
    if (resumed) return;
    const subjects = [...this.subjects.values()].filter((each) => frame.subjects?.includes(each.subject) ?? true);
    const alerts = frame.channels.includes("alerts")
      ? [...this.alerts.values()].filter((each) => each.state === "firing")
      : [];
    socket.send(JSON.stringify({ type: "snapshot", cursor: this.#cursor(), subjects, alerts, ...now }));
  }

  #send(content: Partial<Update>, wants: (interest: Interest) => boolean, subject: string): void {
    const prev = this.#cursor();
    this.#position += 1;
    if (this.isSilent) return;
    const frame = { type: "update", server_time: this.#time(), cursor: this.#cursor(), ...content };
    for (const [socket, interest] of this.#sockets) {
      const isWanted = wants(interest) && (interest.subjects?.includes(subject) ?? true);
      // Even who wants nothing of it learns the position, as from a heartbeat.
      if (isWanted) socket.send(JSON.stringify({ prev, ...frame }));
      else socket.send(this.#heartbeatFrame());
    }
  }

  #beat(): void {
    if (this.isSilent) return;
    for (const socket of this.#sockets.keys()) socket.send(this.#heartbeatFrame());
  }

  #heartbeatFrame(): string {
    return JSON.stringify({
      type: "heartbeat",
      cursor: this.#cursor(),
      server_time: this.#time(),
      bus: this.bus,
    });
  }

  #time(): string {
    return new Date(Date.now() + this.aheadMs).toISOString();
  }

  #cursor(): string {
    return `fake-${this.#position}`;
  }

  async #answer(route: Route): Promise<void> {
    const url = new URL(route.request().url());
    const path = url.pathname.replace(/^.*\/api\/v1\//, "");
    if (path === "session" && !this.isOld) return this.#answerSession(route);
    if (this.#isShut) {
      this.turnedAway.push(`${route.request().method()} ${path}`);
      return route.fulfill(unauthorized);
    }
    if (Number(url.searchParams.get("limit")) > 1_000) {
      return route.fulfill({ status: 400, json: { title: "Bad Request", code: "bad_limit", status: 400 } });
    }
    const alertId = /^alerts\/(.+)\/acknowledge$/.exec(path)?.[1];
    if (path === "config") {
      const config = {
        service: "pulse",
        version: "0.0.0",
        staleness_seconds: 60,
        is_paging: this.isPaging,
        ports: this.ports,
        config_hash: "0",
        refused: this.refused,
        bands,
        ...names,
      };
      return route.fulfill({ json: { config } });
    }
    if (path === "alerts") return route.fulfill({ json: { alerts: [...this.alerts.values()] } });
    if (path === "silences") {
      this.silenceRequests.push(route.request().postDataJSON());
      return route.fulfill({ json: { silence: {} } });
    }
    if (path.startsWith("silences/")) {
      const by = url.searchParams.get("by") ?? "nobody";
      this.endedSilences.push(`${decodeURIComponent(path.slice("silences/".length))} by ${by}`);
      return route.fulfill({ json: { silence: {} } });
    }
    if (path === "backtest") {
      this.backtestRequests.push(route.request().postDataJSON());
      const { status, body } = this.backtest();
      return route.fulfill({ status, json: body });
    }
    if (path === "experiments") {
      this.experimentRequests.push(route.request().postDataJSON());
      const { status, body } = this.begin();
      return route.fulfill({ status, json: body });
    }
    const stopped = /^experiments\/(.+)\/stop$/.exec(path)?.[1];
    if (stopped !== undefined) {
      const { by, note } = route.request().postDataJSON();
      this.stoppedExperiments.push(`${decodeURIComponent(stopped)} by ${by}: ${note}`);
      return route.fulfill({ json: {} });
    }
    if (path.startsWith("artifacts/")) return this.#answerArtifact(route, decodeURIComponent(path.slice(10)));
    if (path === "artifacts") return route.fulfill({ json: { artifacts: this.#artifactsOf(url) } });
    if (path === "events") return route.fulfill({ json: { events: this.#eventsWithin(url) } });
    if (path === "slo") return this.#answerBudgets(route, url.searchParams.get("subject") ?? "");
    if (path === "explain") return route.fulfill({ json: { explanation: { rules: this.rulesNow } } });
    if (path === "past") return this.#answerPast(route, url);
    if (path.endsWith("/history")) return this.#answerHistory(route, url);
    const alert = this.alerts.get(decodeURIComponent(alertId ?? ""));
    if (alert) {
      const { status, body } = this.acknowledge(alert, route.request().postDataJSON());
      return route.fulfill({ status, json: body });
    }
    return route.fulfill({ status: 404, json: { title: "Not found", status: 404 } });
  }

  #answerSession(route: Route): Promise<void> {
    const method = route.request().method();
    if (!this.tokens) return route.fulfill({ json: { mode: "open", scopes: ["ingest", "read", "operate"] } });
    if (method === "DELETE") {
      this.session = undefined;
      return route.fulfill({ status: 204 });
    }
    if (method === "POST") {
      if (this.door) return route.fulfill({ ...this.door, json: this.door.problem ?? {} });
      this.session = this.tokens.get(route.request().postDataJSON().token);
    }
    if (!this.session) return route.fulfill(unauthorized);
    const until = new Date(Date.now() + 12 * 3_600_000).toISOString();
    return route.fulfill({ json: { ...this.session, mode: "locked", expires_at: until } });
  }

  #eventsWithin({ searchParams }: URL): Event[] {
    const [from, to] = [searchParams.get("from") ?? "", searchParams.get("to") ?? "9"];
    const kinds = searchParams.get("kinds")?.split(",");
    const isWanted = ({ subject, at, kind }: Event) =>
      subject === searchParams.get("subject") && at >= from && at < to && (kinds?.includes(kind) ?? true);
    const latestFirst = this.events.filter(isWanted).sort((a, b) => b.at.localeCompare(a.at));
    const step = Number(searchParams.get("step")) * 1_000;
    const told = step ? lastOfSteps(latestFirst, Date.parse(from), step) : latestFirst;
    return told.slice(0, Number(searchParams.get("limit") ?? 100)).map(withoutRecord);
  }

  #artifactsOf({ searchParams }: URL): Artifact[] {
    const wanted = (name: string) => searchParams.get(name) ?? "nothing";
    return this.#artifacts()
      .filter(
        ({ alert, experiment, events }) =>
          alert === wanted("alert") || experiment === wanted("experiment") || events?.includes(wanted("event")),
      )
      .reverse();
  }

  #artifacts(): Artifact[] {
    return this.events.flatMap((event) => (event.kind === "artifact" ? event.artifact : []));
  }

  #answerArtifact(route: Route, id: string): Promise<void> {
    const artifact = this.#artifacts().find((each) => each.id === id);
    if (!artifact) return route.fulfill({ status: 404, json: { title: "Not found", status: 404 } });
    return route.fulfill({ json: { artifact } });
  }

  #answerBudgets(route: Route, subject: string): Promise<void> {
    const budgets = this.budgets.get(subject);
    if (!budgets) return route.fulfill({ status: 503, json: { title: "The log does not answer", status: 503 } });
    return route.fulfill({ json: { slo: [{ subject, budgets }], truncated: false } });
  }

  #answerPast(route: Route, url: URL): Promise<void> {
    this.pastRequests.push(url);
    const [from, to] = [url.searchParams.get("from") ?? "", url.searchParams.get("to") ?? ""];
    const past = this.past(new Date(from), new Date(to), url.searchParams.get("subject") ?? undefined);
    if (past === "fails")
      return route.fulfill({ status: 503, json: { title: "The log does not answer", status: 503 } });
    return route.fulfill({ json: { past: { from, to, until: to, truncated: false, ...past } } });
  }

  #answerHistory(route: Route, url: URL): Promise<void> {
    this.historyRequests.push(url);
    const [from, to] = [url.searchParams.get("from") ?? "", url.searchParams.get("to") ?? ""];
    const points = this.history(new Date(from), new Date(to), Number(url.searchParams.get("step")));
    if (points === "fails")
      return route.fulfill({ status: 503, json: { title: "The log does not answer", status: 503 } });
    return route.fulfill({ json: { history: { from, to, resolution: "buckets", points, truncated: false } } });
  }
}

const unauthorized = { status: 401, json: { title: "Unauthorized", code: "unauthorized", status: 401 } };

/** Of an artifact it is only told that it was kept. */
function withoutRecord(event: Event): Event {
  if (event.kind !== "artifact") return event;
  const { record: _record, ...artifact } = event.artifact;
  return { ...event, artifact };
}

/** Of each kind the last within each step, of events of which the latest comes first. */
function lastOfSteps(events: readonly Event[], from: number, step: number): Event[] {
  const last = new Map<string, Event>();
  for (const event of events) {
    const name = `${event.kind} ${Math.floor((Date.parse(event.at) - from) / step)}`;
    if (!last.has(name)) last.set(name, event);
  }
  return [...last.values()];
}
