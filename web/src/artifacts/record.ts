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

/** Something that happened, as Iskra notes it. */
export type Step = { at: string; what: string; event?: string };

/** Whether it is a step and nothing besides, so that nothing is left out when it is shown as one. */
export function isStep(value: unknown): value is Step {
  if (!isObject(value) || typeof value.what !== "string" || !isTime(value.at)) return false;
  return Object.keys(value).every(
    (name) => name === "at" || name === "what" || (name === "event" && isString(value[name])),
  );
}

const isString = (value: unknown) => typeof value === "string";
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Whether it is a moment: a date with a time, and where on earth. */
export function isTime(value: unknown): value is string {
  return typeof value === "string" && moment.test(value) && !Number.isNaN(Date.parse(value));
}

/** What is read first of a part; JSON keeps no order that its maker meant. */
const first: Partial<Record<Part, readonly string[]>> = {
  omega: ["completeness", "coverage_density", "coherence_level"],
  lambda: ["status", "next_step"],
  sift: ["source", "inference", "fact", "trace"],
};

/** The same fields, those that are read first before the others. */
export function inOrder(part: Part, fields: Fields): Fields {
  const known = (first[part] ?? []).filter((name) => Object.hasOwn(fields, name));
  return { ...Object.fromEntries(known.map((name) => [name, fields[name]])), ...fields };
}

function without(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
