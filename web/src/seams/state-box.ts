import { okZone } from "../bands/zones";
import { type Band, type Vital, vitals } from "../protocol";
import { type Box, everywhere, isEmpty, overlap, type Stretch } from "./box";

/** The vitals with which a state may hold. */
export type StateBox = {
  id: string;
  box: Box;
  /** Whether the vitals alone decide; else something else must be so, too. */
  isWhole: boolean;
};

const NAME = /^[a-z][a-z0-9_]*$/;
const NUMBER = /^\d+(\.\d+)?$/;
const COMPARISON = /\s*(<=|>=|≤|≥|<|>)\s*/;

/**
 * Reads a condition that is a row of comparisons of vitals with numbers, joined by `and`. What it says besides that is
 * kept in mind as `isWhole`; nothing when it has alternatives, or says nothing of vitals: then there is no box to draw.
 */
export function stateBox(id: string, when: string, bands: readonly Band[]): StateBox | undefined {
  if (/[()!|*/+=-]|\b(or|not)\b/i.test(when.replace(/[<>]=/g, "<"))) return undefined;
  let [box, isWhole, isTold] = [everywhere, true, false];
  for (const part of when.split(/\s+and\s+|\s*&&\s*/i)) {
    const told = part.trim() === "all_vitals_ok" ? okBox(bands) : comparisons(part.trim());
    if (!told) isWhole = false;
    for (const vital of vitals) {
      const stretch = told?.[vital];
      if (!stretch) continue;
      isTold = true;
      box = { ...box, [vital]: overlap(box[vital], stretch) };
    }
  }
  const isPossible = vitals.every((vital) => !isEmpty(box[vital]));
  return isTold && isPossible ? { id, box, isWhole } : undefined;
}

function okBox(bands: readonly Band[]): Partial<Box> {
  return Object.fromEntries(
    bands.map((band) => {
      const { from, to } = okZone(band);
      const isOpen = (at: number) => band.edges.some((edge) => edge.at === at && edge.inclusive);
      return [band.vital, { from, to, isFromOpen: isOpen(from), isToOpen: isOpen(to) }];
    }),
  );
}

/** `chaos > 0.7`, `0.7 < chaos`, `0.4 < chaos < 0.6`; nothing for anything else. */
function comparisons(part: string): Partial<Box> | undefined {
  const pieces = part.split(COMPARISON);
  if (pieces.length !== 3 && pieces.length !== 5) return undefined;
  const vital = pieces.find((piece) => NAME.test(piece)) as Vital | undefined;
  if (!vital || !vitals.includes(vital)) return undefined;
  let stretch = everywhere[vital];
  for (let at = 0; at + 2 < pieces.length; at += 2) {
    const limit = bound(pieces.slice(at, at + 3) as [string, string, string], vital);
    if (!limit) return undefined;
    stretch = overlap(stretch, limit);
  }
  return { [vital]: stretch };
}

function bound([left, sign, right]: [string, string, string], vital: Vital): Stretch | undefined {
  const isVitalLeft = left === vital;
  const number = isVitalLeft ? right : left;
  if (!NUMBER.test(number) || (isVitalLeft ? left : right) !== vital) return undefined;
  const isOpen = sign === "<" || sign === ">";
  const isUpper = sign.startsWith("<") || sign === "≤" ? isVitalLeft : !isVitalLeft;
  const whole = everywhere[vital];
  return isUpper
    ? { ...whole, to: Number(number), isToOpen: isOpen }
    : { ...whole, from: Number(number), isFromOpen: isOpen };
}
