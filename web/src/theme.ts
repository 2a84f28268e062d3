import { effect, signal } from "@preact/signals";
import { recall, remember } from "./preferences";

export const themes = ["auto", "dark", "light"] as const;
export type Theme = (typeof themes)[number];

const systemIsLight = matchMedia("(prefers-color-scheme: light)");
const systemTheme = signal<"dark" | "light">(systemIsLight.matches ? "light" : "dark");
systemIsLight.addEventListener("change", (event) => {
  systemTheme.value = event.matches ? "light" : "dark";
});

/** What was chosen. */
export const theme = signal<Theme>(themes.find((known) => known === recall("theme")) ?? "auto");
/** What is shown. */
export const shownTheme = signal<"dark" | "light">("dark");

effect(() => {
  shownTheme.value = theme.value === "auto" ? systemTheme.value : theme.value;
  document.documentElement.dataset.theme = shownTheme.value;
});

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  remember("theme", chosen);
}
