import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, type Page, test } from "@playwright/test";

const STARTS = 5;
const ROOT = resolve(import.meta.dirname, "../../..");

test.describe.configure({ timeout: 120_000 });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a suite in an empty folder, on ports of its own. */
async function start(command: readonly string[], folder: string): Promise<{ suite: ChildProcess; url: string }> {
  const [pulse, seams, voices, engine] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const settings = {
    ISKRA__PORTS__PULSE: `${pulse}`,
    ISKRA__PORTS__SEAMS: `${seams}`,
    ISKRA__PORTS__VOICES: `${voices}`,
    ISKRA__PORTS__SLO_ENGINE: `${engine}`,
    ISKRA__STORAGE__PATH: join(folder, "iskra.db"),
    DISPLAY: "",
    WAYLAND_DISPLAY: "",
  };
  const [program, ...rest] = command;
  const options = { cwd: ROOT, env: { ...process.env, ...settings }, detached: true, stdio: "ignore" } as const;
  return { suite: spawn(program as string, rest, options), url: `http://127.0.0.1:${pulse}/` };
}

async function answers(url: string): Promise<void> {
  while (!(await fetch(new URL("health", url)).catch(() => undefined))?.ok) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** From the command until the page shows the first sample of the machine, live. */
async function liveAfterMs(page: Page, command: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "iskra-start-"));
  const begun = performance.now();
  const { suite, url } = await start(command, folder);
  try {
    await answers(url);
    await page.goto(url);
    const isLive = () => {
      const isConnected = document.querySelector('.connection[data-connection="live"]') !== null;
      return isConnected && document.querySelector(".headline")?.textContent?.includes("Last sample");
    };
    await page.waitForFunction(isLive, undefined, { polling: "raf", timeout: 20_000 });
    return performance.now() - begun;
  } finally {
    // Both `make` and what it has started.
    process.kill(-(suite.pid as number), "SIGTERM");
    if (suite.exitCode === null) await once(suite, "exit");
    rmSync(folder, { recursive: true });
  }
}

for (const command of [
  ["make", "run"],
  ["target/release/iskra", "up"],
] as const) {
  test(`from \`${command.join(" ")}\` to a live page`, async ({ page }) => {
    const times: number[] = [];
    for (let i = 0; i < STARTS; i += 1) times.push(await liveAfterMs(page, command));
    times.sort((a, b) => a - b);
    const [median, worst] = [times[STARTS >> 1], times.at(-1)];
    console.log(`median ${median?.toFixed(0)} ms, worst of ${STARTS} ${worst?.toFixed(0)} ms`);
    expect(times.length).toBe(STARTS);
  });
}
