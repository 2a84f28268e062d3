import { computed, effect, signal } from "@preact/signals";
import { recall, remember } from "../preferences";
import type { Text } from "../protocol";
import { type Catalogue, en } from "./en";
import { ru } from "./ru";

export const languages = ["en", "ru"] as const;
export type Language = (typeof languages)[number];

const catalogues: Record<Language, Catalogue> = { en, ru };

function first(): Language {
  const wanted = [recall("language"), ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return wanted.flatMap((tag) => languages.find((language) => language === tag) ?? [])[0] ?? "en";
}

export const language = signal<Language>(first());

/** The words in the chosen language. */
export const words = computed(() => catalogues[language.value]);

/** A sentence of the service in the chosen language. */
export function inLanguage(text: Text): string {
  return text[language.value] || text.en;
}

export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  remember("language", chosen);
}

effect(() => {
  document.documentElement.lang = language.value;
});
