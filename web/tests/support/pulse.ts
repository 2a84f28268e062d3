import { test as base, expect, type Page } from "@playwright/test";
import type { Sample } from "../../src/protocol";
import { FakeService } from "./fake-service";
import { waves } from "./histories";
import { judged } from "./judge";
import { ports } from "./ports";

const url = (port: number) => `http://127.0.0.1:${port}/`;
export const urls = { pulse: url(ports.pulse), seams: url(ports.seams), voices: url(ports.voices) };

/** A sample of `subject` that is OK but for what `fields` say, measured now. */
export function sample(subject: string, fields: Partial<Sample> = {}): Sample {
  const at = new Date().toISOString();
  return { subject, at, clarity: 0.8, chaos: 0.45, trust: 0.8, pain: 0.3, ...fields };
}

/** Tests get a service that watches `agent-7`, which is well; anything that a page complains about fails them. */
export const test = base.extend<{ service: FakeService }>({
  service: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // Answers that a test refuses on purpose are told by the browser, too.
      const isAboutAnswer = /Failed to load resource|WebSocket connection/.test(message.text());
      if (message.type() === "error" && !isAboutAnswer) complaints.push(message.text());
    });
    const service = await FakeService.on(page);
    service.history = waves;
    service.subjects.set("agent-7", judged(sample("agent-7")));
    await use(service);
    expect(complaints).toEqual([]);
  },
});

export { expect };

/** The tile of a vital, by the name that is shown. */
export const tile = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
export const headline = (page: Page) => page.locator(".headline");
export const banner = (page: Page) => page.locator(".lost-banner");
