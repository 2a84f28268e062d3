import { config, nameOf, UNKNOWN } from "../rules/rules";

/** Of states that the rules do not name, of the first state of the rules, of the second, and so on. */
export const statePaths = [
  "M6 6.1a2 2 0 1 1 2.9 1.8c-.6.3-.9.8-.9 1.5M8 11.9v.2",
  "M8 1.8v3.4M8 10.8v3.4M1.8 8h3.4M10.8 8h3.4M3.6 3.6 6 6M10 10l2.4 2.4M12.4 3.6 10 6M6 10l-2.4 2.4",
  "M8 8.2c0-1 1.5-.9 1.5.3S8 10.4 6.7 9.9 5 6.9 6.9 5.7s5.3.1 5.5 2.9-2.3 5.1-5.2 5S2 11.2 2 8.2 4.4 2.4 7.6 2.4",
  "M1.8 9.5 4.2 5l2.2 6.8L9 3.2l2 8.6 3.2-6.3",
  "M8 1.8 13.4 5v6L8 14.2 2.6 11V5zM8 8v6.2M8 8l5.4-3M8 8 2.6 5",
  "M8 2.2a2.9 2.9 0 1 1 0 5.8 2.9 2.9 0 0 1 0-5.8zM5.3 7.4a2.9 2.9 0 1 1 0 5.8 2.9 2.9 0 0 1 0-5.8zM10.7 7.4a2.9 2.9 0 1 1 0 5.8 2.9 2.9 0 0 1 0-5.8z",
  "M1.8 6c2-2.6 4.2-2.6 6.2 0s4.2 2.6 6.2 0M1.8 10.6c2-2.6 4.2-2.6 6.2 0s4.2 2.6 6.2 0",
  "M8 3v10M5.6 8H1.8M3.7 6l-2 2 2 2M10.4 8h3.8M12.3 6l2 2-2 2",
  "M8 2.4a5.6 5.6 0 1 0 0 11.2A5.6 5.6 0 0 0 8 2.4zM2.4 8h11.2",
] as const;

/** The look of a state: its place in the rules, the first being 1; 0 when they do not name it. */
export function lookOf(id: string): number {
  const place = config.value?.states.findIndex((state) => state.id === id) ?? -1;
  return place < 0 ? 0 : 1 + (place % (statePaths.length - 1));
}

export function stateName(id: string): string {
  return nameOf("states", id);
}

/** Every state there is: those of the rules, and the one that holds when none of them does. */
export function allStates(): string[] {
  return [...(config.value?.states.map(({ id }) => id) ?? []), UNKNOWN];
}

/** The sign of a state in its colour: each has a shape of its own, so that it reads without colour. */
export function StateSign({ id }: { id: string }) {
  const look = lookOf(id);
  return (
    <svg class="state-sign" data-look={look} viewBox="0 0 16 16" aria-hidden="true">
      <path d={statePaths[look]} />
    </svg>
  );
}

/** The sign and the name of a state. */
export function StateName({ id }: { id: string }) {
  return (
    <span class="state-name">
      <StateSign id={id} />
      {stateName(id)}
    </span>
  );
}
