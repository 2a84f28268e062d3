import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { access, askSession, logIn, whenIn } from "./session";

/** What the service answers next, in this order. */
let answers: (() => Promise<Response>)[];
const json =
  (status: number, body: unknown = {}) =>
  () =>
    Promise.resolve(Response.json(body, { status }));
const ann = { name: "ann", scopes: ["read"], mode: "locked", expires_at: "2026-01-01T12:00:00Z" };

beforeEach(() => {
  answers = [];
  access.value = { kind: "unknown" };
  vi.stubGlobal("document", { baseURI: "http://iskra.test/" });
  vi.stubGlobal("fetch", () => (answers.shift() ?? json(500))());
});

afterEach(() => vi.unstubAllGlobals());

test("only a clear word of the service changes who one is", async () => {
  answers = [json(200, ann), json(502), () => Promise.reject(new Error("away")), json(429)];
  await askSession();
  const known = access.value;
  expect(known).toMatchObject({ kind: "in", name: "ann", until: Date.parse(ann.expires_at) });
  for (let i = 0; i < 3; i += 1) await askSession();
  expect(access.value).toBe(known);
  answers = [json(401), json(401)];
  await askSession();
  await askSession();
  expect(access.value).toEqual({ kind: "out", why: "ended" });
});

test("an answer that was on its way while somebody logged in does not throw them out", async () => {
  let refuse: (response: Response) => void = () => undefined;
  const late = new Promise<Response>((resolve) => {
    refuse = resolve;
  });
  answers = [() => late, json(200, ann)];
  const asked = askSession();
  expect(await logIn("iskra_ann")).toBeUndefined();
  refuse(Response.json({}, { status: 401 }));
  await asked;
  expect(access.value.kind).toBe("in");
});

test("who waits to be let in may give up, and otherwise waits until then", async () => {
  access.value = { kind: "out", why: "first" };
  const giving = new AbortController();
  const given = whenIn(giving.signal);
  giving.abort();
  await expect(given).rejects.toThrow();
  let isIn = false;
  const waiting = whenIn().then(() => {
    isIn = true;
  });
  await Promise.resolve();
  expect(isIn).toBe(false);
  access.value = { kind: "open" };
  await waiting;
});
