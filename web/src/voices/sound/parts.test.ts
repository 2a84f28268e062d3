import { expect, test } from "vitest";
import { names } from "../../../tests/support/names";
import { activation, chorus } from "../../../tests/support/polyphony";
import type { Conflict, Voice } from "../../protocol";
import { brightness, parts } from "./parts";

const active = (voice: Voice) => activation(voice, new Date(0));
const part = (voice: Voice, ...of: Parameters<typeof chorus>) =>
  parts(names.voices, chorus(...of)).find((each) => each.voice === voice);

test("who has no energy is silent, and without a chorus everybody is", () => {
  expect(part("sam", {})?.gain).toBe(0);
  expect(parts(names.voices, undefined).every(({ gain }) => gain === 0)).toBe(true);
});

test("the leader is the loudest, a voice that only listens stays in the background", () => {
  const energy = { activity: 0.8 };
  const said = {
    kayn: { ...energy, mood: "leading" as const, active: active("kayn") },
    anhantra: { ...energy, mood: "engaged" as const, active: active("anhantra") },
    hundun: energy,
  };
  const [kayn, anhantra, hundun] = (["kayn", "anhantra", "hundun"] as const).map(
    (voice) => part(voice, said)?.gain ?? 0,
  );
  expect(kayn).toBeGreaterThan(anhantra as number);
  expect(anhantra).toBeGreaterThan(hundun as number);
  expect(hundun).toBeGreaterThan(0);
});

test("all voices at once do not clip", () => {
  const loud = Object.fromEntries(
    names.voices.map(({ voice }) => [voice, { activity: 1, mood: "leading", active: active(voice) }]),
  );
  const sum = parts(names.voices, chorus(loud)).reduce((total, { gain }) => total + gain, 0);
  expect(sum).toBeGreaterThan(0.5);
  expect(sum).toBeLessThanOrEqual(1);
});

test("each voice has its pitch and timbre, and sounds from where it stands", () => {
  expect(part("pino", {})).toMatchObject({ hertz: 523.25, waveform: "sawtooth", detuneCents: 0 });
  expect(part("anhantra", {})?.pan).toBeLessThan(0);
  expect(part("pino", {})?.pan).toBeGreaterThan(0);
});

test("two voices of one pitch beat slowly, two in conflict rub", () => {
  expect([part("kayn", {})?.detuneCents, part("iskra", {})?.detuneCents]).toEqual([0, 4]);
  const conflicts: Conflict[] = [{ between: ["kayn", "pino"], intensity: 0.75, leads: "kayn", since: "" }];
  expect(part("kayn", {}, { conflicts })?.detuneCents).toBe(-9);
  expect(part("pino", {}, { conflicts })?.detuneCents).toBe(9);
});

test("harmony opens the sound", () => {
  expect(brightness(chorus({}, { harmony: 0.9 }))).toBeGreaterThan(brightness(chorus({}, { harmony: 0.2 })));
});
