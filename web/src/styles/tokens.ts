import { shownTheme } from "../theme";

/**
 * Colours of the shown theme, as a canvas needs them: the style sheet stays the one place that defines them. `make` is
 * asked once for each theme, with the reader of a token.
 */
export function byTheme<T>(make: (token: (name: string) => string) => T): () => T {
  const made = new Map<string, T>();
  return () => {
    const known = made.get(shownTheme.value);
    if (known) return known;
    const style = getComputedStyle(document.documentElement);
    const colours = make((name) => style.getPropertyValue(`--${name}`).trim());
    made.set(shownTheme.value, colours);
    return colours;
  };
}
