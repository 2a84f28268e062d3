import { type Text, type Vital, vitals } from "../protocol";

/** How a vital went, as a record tells it. */
export type Way = { vital: Vital; from: number; to: number };

type Fields = Record<string, unknown>;

/** The parts of a record, in the order of its name. */
export const parts = ["delta", "dimension", "omega", "lambda", "sift"] as const;
export type Part = (typeof parts)[number];

export function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A part of a record; nothing where its maker left it out. */
export function partOf(record: unknown, part: Part): unknown {
  return isObject(record) ? record[part] : undefined;
}

/** What a record has besides its parts. */
export function besides(record: unknown): unknown {
  if (!isObject(record)) return record;
  return without(record, parts);
}

/** The vitals that a delta tells of, and the rest of it. */
export function waysOf(delta: Fields): { ways: Way[]; rest: Fields } {
  const ways = vitals.flatMap((vital) => {
    const way = delta[vital];
    if (!isObject(way) || typeof way.from !== "number" || typeof way.to !== "number") return [];
    return [{ vital, from: way.from, to: way.to }];
  });
  return {
    ways,
    rest: without(
      delta,
      ways.map(({ vital }) => vital),
    ),
  };
}

/** Words in both languages, as the service gives them. */
export function isText(value: unknown): value is Text {
  if (!isObject(value)) return false;
  return Object.keys(value).length === 2 && typeof value.en === "string" && typeof value.ru === "string";
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
