import type { Event, Voice } from "../protocol";

export type SymbolEvent = Event<"symbol">;

/** Asked for with each picture of a replay, while the events stay the same. */
const known = new WeakMap<readonly Event[], SymbolEvent[]>();

/** The symbols among what happened. */
export function symbolsOf(events: readonly Event[]): SymbolEvent[] {
  const symbols = known.get(events) ?? events.filter((event) => event.kind === "symbol");
  known.set(events, symbols);
  return symbols;
}

/** The latest symbol of each voice after `from` and not after `to`. */
export function latestOfEach(symbols: readonly SymbolEvent[], from: number, to: number): SymbolEvent[] {
  const latest = new Map<Voice, SymbolEvent>();
  for (let index = symbols.length - 1; index >= 0; index -= 1) {
    const event = symbols[index] as SymbolEvent;
    const at = Date.parse(event.at);
    if (at <= from) break;
    if (at <= to && !latest.has(event.voice)) latest.set(event.voice, event);
  }
  return [...latest.values()];
}

/** Whether a glyph is two signs, which have to be smaller to fit; a sign may be followed by how it is to be drawn. */
export function isDouble(glyph: string): boolean {
  return [...glyph.replaceAll("\ufe0f", "")].length > 1;
}
