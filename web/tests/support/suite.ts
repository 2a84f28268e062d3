import { randomUUID } from "node:crypto";
import { test as base, expect, type Page } from "@playwright/test";
import type { Sample } from "../../src/protocol";

const from = (name: string) => process.env[name] ?? "";

/** Where a real suite serves its pages; playwright.config.ts leaves these tests out when nothing is said. */
export const urls = {
  pulse: from("ISKRA_PULSE_URL"),
  seams: from("ISKRA_SEAMS_URL"),
  voices: from("ISKRA_VOICES_URL"),
};

/** The folder of the rules that the suite reads. */
export const rules = from("ISKRA_RULES");

/** A subject that no other test knows. */
export const newSubject = () => `test-${randomUUID().slice(0, 8)}`;

/** Sends samples as a producer does, and makes sure that they were kept. */
export async function send(page: Page, ...samples: Partial<Sample>[]): Promise<void> {
  const response = await page.request.post(new URL("api/v1/samples", urls.pulse).href, { data: samples });
  expect(await response.json()).toMatchObject({ accepted: samples.length, rejected: 0 });
}

export const well = { clarity: 0.8, chaos: 0.45, trust: 0.8, pain: 0.3 };

/** What the `i`th of many subjects sends at a tick: levels change now and then, of each at another time. */
export function waves(tick: number, i: number) {
  const wave = (period: number) => 0.2 * Math.sin((tick + 7 * i) / period);
  return { clarity: 0.75 + wave(31), chaos: 0.5 + wave(23), trust: 0.75 + wave(41), pain: 0.4 + wave(17) };
}

export const open = (page: Page, subject: string) =>
  page.goto(`${urls.pulse}/?subject=${subject}`.replace("//?", "/?"));

/** Whatever the page complains about fails the test; a broken content security policy among it. */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
