/** What this browser remembers. Storage may be forbidden or full: then nothing is remembered, and nothing breaks. */
export function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(`iskra.${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`iskra.${key}`, value);
  } catch {
    // Not remembered.
  }
}
