import { signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

/** What pressing a key does. */
export type Binding = {
  /** As the browser names it; several mean the same. */
  keys: readonly string[];
  /** What it does, in the chosen language. */
  does: () => string;
  run: () => void;
};

/** All that can be pressed on this page. */
export const bindings = signal<readonly Binding[]>([]);

/** These keys do something for as long as the component is shown. What they do must not change meanwhile. */
export function useKeys(own: readonly Binding[]): void {
  // Not after the next picture: who sees a button may press its key at once.
  useLayoutEffect(() => {
    bindings.value = [...bindings.peek(), ...own];
    return () => {
      bindings.value = bindings.peek().filter((binding) => !own.includes(binding));
    };
  }, []);
}

/** Escape closes what it is pressed in, and nothing else. */
export function onEscape(close: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  };
}

/** Listens for as long as the page lives. */
export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    const pressed = latin(event);
    const binding = bindings.peek().find(({ keys }) => keys.includes(pressed));
    if (!binding) return;
    event.preventDefault();
    binding.run();
  });
}

const places: Record<string, string> = { BracketLeft: "[", BracketRight: "]" };

/** What the key says in Latin letters: on a Cyrillic keyboard the same place counts. */
export function latin({ key, code, shiftKey }: Pick<KeyboardEvent, "key" | "code" | "shiftKey">): string {
  if (key.length > 1 || key <= "\u007f") return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter) return shiftKey ? letter : letter.toLowerCase();
  return places[code] ?? key;
}

/** Whoever writes into a field, or stands on something that takes keys itself, does not mean the page. */
function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches("input, textarea, select") || target.closest("dialog[open]") !== null;
}
