import { resolve } from "node:path";
import { defineConfig } from "vite";

const pages = ["pulse", "seams", "voices"];

// One build for each page (`--mode pulse`), so that each service serves a directory that needs no other.
export default defineConfig(({ mode }) => {
  const page = pages.includes(mode) ? mode : "pulse";
  return {
    root: resolve(import.meta.dirname, "pages", page),
    publicDir: resolve(import.meta.dirname, "public"),
    build: {
      outDir: resolve(import.meta.dirname, "dist", page),
      emptyOutDir: true,
      target: "es2022",
      // Scripts stay files of their own: the pages forbid inline ones.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  };
});
