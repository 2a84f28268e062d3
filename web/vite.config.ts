import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const pages = ["pulse", "seams", "voices"];
const here = import.meta.dirname;

// What a service adds to its page: previews and the browser tests hold the pages to the same.
const headers = { "content-security-policy": "default-src 'self'" };

// One build for each page (`--mode pulse`), so that each service serves a directory that needs no other.
export default defineConfig(({ mode }) => ({
  root: pages.includes(mode) ? resolve(here, "pages", mode) : here,
  // Relative, so that a proxy may serve a page under any path.
  base: "./",
  publicDir: false,
  build: {
    outDir: resolve(here, "dist", mode),
    emptyOutDir: true,
    target: "es2022",
    // Nothing inline: the content security policy forbids it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  preview: { headers },
  server: {
    fs: { allow: [here] },
    proxy: Object.fromEntries(
      ["/api", "/ws"].map((path) => [path, { target: process.env.ISKRA_URL ?? "http://127.0.0.1:3001", ws: true }]),
    ),
  },
  test: { include: ["src/**/*.test.ts"] },
}));
