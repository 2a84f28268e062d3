import { afterEach, expect, test, vi } from "vitest";

vi.stubGlobal("document", { documentElement: {} });
vi.stubGlobal("navigator", { languages: ["en-GB"] });
const { language } = await import("./language");
const { age, edge, score, span, time } = await import("./format");
const { en } = await import("./en");
const { ru } = await import("./ru");

afterEach(() => {
  language.value = "en";
});

/** What `Intl` puts between a number and its unit differs; people see a space. */
const plain = (text: string) => text.replace(/\s/g, " ");

test("a length of time has at most two units", () => {
  expect([0, 59, 60, 3_599, 3_600, 5_460, 90_000].map((seconds) => plain(span(seconds)))).toEqual([
    "0s",
    "59s",
    "1m",
    "59m",
    "1h",
    "1h 31m",
    "1d 1h",
  ]);
  language.value = "ru";
  expect([5, 120, 7_260].map((seconds) => plain(span(seconds)))).toEqual(["5 с", "2 мин", "2 ч 1 мин"]);
});

test("what is younger than two seconds is now", () => {
  expect([age(8_001, 10_000), age(8_000, 10_000), age(12_000, 10_000)]).toEqual(["now", "2s ago", "now"]);
});

test("numbers follow the language", () => {
  expect([score(0.7), edge(0.7), edge(0.705)]).toEqual(["0.700", "0.70", "0.705"]);
  language.value = "ru";
  expect([score(0.7), edge(0.7)]).toEqual(["0,700", "0,70"]);
});

test("a time of another day carries its date", () => {
  const noon = new Date(2026, 0, 2, 12, 0, 0).getTime();
  expect(time(noon, noon)).toBe("12:00:00");
  expect(time(noon, noon + 86_400_000)).toMatch(/Jan 2.*12:00:00/);
});

test("Russian counts in its own forms", () => {
  expect([1, 2, 5, 21, 112].map(ru.subject.found)).toEqual([
    "1 объект",
    "2 объекта",
    "5 объектов",
    "21 объект",
    "112 объектов",
  ]);
  expect([1, 3, 11].map(ru.subject.firing)).toEqual(["Активна 1 тревога", "Активны 3 тревоги", "Активно 11 тревог"]);
  expect([1, 2].map(en.subject.found)).toEqual(["1 subject", "2 subjects"]);
});
