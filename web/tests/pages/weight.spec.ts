import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";

const LIMIT = 120 * 1_024;

for (const page of ["pulse", "seams", "voices"]) {
  const directory = join(import.meta.dirname, "../../dist", page);

  test(`${page} needs at most 120 KiB of compressed script`, () => {
    const scripts = readdirSync(join(directory, "assets")).filter((name) => name.endsWith(".js"));
    expect(scripts.length).toBeGreaterThan(0);
    const bytes = scripts.map((name) => gzipSync(readFileSync(join(directory, "assets", name))).length);
    expect(bytes.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(LIMIT);
  });

  test(`${page} needs nothing from elsewhere`, () => {
    const html = readFileSync(join(directory, "index.html"), "utf8");
    expect(html).not.toMatch(/https?:|<style|style=|<script(?![^>]*src=)/);
  });
}
