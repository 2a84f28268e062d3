import { expect, test } from "vitest";
import type { Config } from "../protocol";
import { pageUrl } from "./page-url";

const at = (href: string) => new URL(href) as unknown as Location;

test("behind a proxy the pages lie side by side, whatever is before them", () => {
  const here = at("https://watch.example.com/iskra/pulse/?subject=agent-7&at=2026-01-01T00:00:00Z");
  expect(pageUrl("seams", "pulse", undefined, here)).toBe(
    "https://watch.example.com/iskra/seams/?subject=agent-7&at=2026-01-01T00:00:00Z",
  );
});

test("on one machine each has its port, and the address goes along", () => {
  expect(pageUrl("voices", "pulse", undefined, at("http://10.0.0.7:3001/?subject=agent-7"))).toBe(
    "http://10.0.0.7:3003/?subject=agent-7",
  );
});

test("where neither holds no link leads nowhere", () => {
  expect(pageUrl("seams", "pulse", undefined, at("http://10.0.0.7:8080/"))).toBeUndefined();
});

test("where the services listen elsewhere, the pages find each other there", () => {
  const config = { ports: { pulse: 4001, seams: 4002, voices: 0 } } as Config;
  const here = at("http://10.0.0.7:4001/?subject=agent-7");
  expect(pageUrl("seams", "pulse", config, here)).toBe("http://10.0.0.7:4002/?subject=agent-7");
  expect(pageUrl("voices", "pulse", config, here)).toBeUndefined();
  expect(pageUrl("seams", "pulse", config, at("http://10.0.0.7:3001/"))).toBeUndefined();
});
