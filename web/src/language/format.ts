import { language, words } from "./language";

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

/** Formats are dear to make and asked for every second. */
function cached<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: (language: string) => T): T {
  const full = `${language.value} ${key}`;
  const known = cache.get(full) ?? make(language.value);
  cache.set(full, known);
  return known as T;
}

/** A score: always three digits after the point, because an edge may lie between two of them. */
export function score(value: number): string {
  return cached(
    "score",
    (tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: 3, maximumFractionDigits: 3 }),
  ).format(value);
}

/** Any number, with as many digits as somebody may have measured. */
export function figure(value: number): string {
  return cached("figure", (tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 4 })).format(value);
}

/** An edge of a band: two digits, three where the third matters. */
export function edge(value: number): string {
  return cached(
    "edge",
    (tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: 2, maximumFractionDigits: 3 }),
  ).format(value);
}

/** How often something comes, or how fast it goes: whole where it is a lot, more digits where it is little. */
export function rate(value: number): string {
  const digits = value >= 100 ? 0 : value >= 1 ? 1 : 2;
  return cached(`rate ${digits}`, (tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: digits })).format(value);
}

/** A share: whole percent, a digit more where the first matters. */
export function share(ratio: number): string {
  const digits = Math.abs(ratio) < 0.1 || ratio > 0.9 ? 1 : 0;
  return cached(
    `share ${digits}`,
    (tag) => new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: digits }),
  ).format(ratio);
}

/** The time of day on this machine's clock; with the date when it was not today. */
export function time(ms: number, today = Date.now()): string {
  const isToday = new Date(ms).toDateString() === new Date(today).toDateString();
  const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;
  const format = isToday
    ? cached("time", (tag) => new Intl.DateTimeFormat(tag, clock))
    : cached("date", (tag) => new Intl.DateTimeFormat(tag, { day: "numeric", month: "short", ...clock }));
  return format.format(ms);
}

/** The axis of a chart. */
export function shortTime(ms: number): string {
  return cached(
    "short",
    (tag) => new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  ).format(ms);
}

type Unit = "second" | "minute" | "hour" | "day";

function unit(count: number, name: Unit): string {
  const display = language.value === "ru" ? "short" : "narrow";
  return cached(name, (tag) => new Intl.NumberFormat(tag, { style: "unit", unit: name, unitDisplay: display })).format(
    count,
  );
}

/** A length of time in at most two units. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
  ];
  if (whole < 60) return unit(whole, "second");
  if (whole < 3_600) return unit(minutes, "minute");
  const parts =
    whole < 86_400
      ? [unit(hours, "hour"), minutes && unit(minutes, "minute")]
      : [unit(days, "day"), hours && unit(hours, "hour")];
  return parts.filter(Boolean).join(" ");
}

/** How long it still takes, to the second while it is not long. */
export function countdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60 || whole >= 3_600) return span(whole);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  return [unit(minutes, "minute"), rest && unit(rest, "second")].filter(Boolean).join(" ");
}

/** How old something is: "now" while it is fresh, for a number that jumps between 0 and 1 tells nothing. */
export function age(at: number, now: number): string {
  const seconds = (now - at) / 1_000;
  return seconds < 2 ? words.value.now : words.value.ago(span(seconds));
}

/** How far a score moves: two digits and a sign. */
export function change(by: number): string {
  return cached(
    "change",
    (tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "always" }),
  )
    .format(by)
    .replace("-", "−");
}

export function percent(share: number): string {
  return cached("percent", (tag) => new Intl.NumberFormat(tag, { style: "percent" })).format(share);
}

/** The axis of a chart of several days. */
export function date(ms: number): string {
  return cached("day", (tag) => new Intl.DateTimeFormat(tag, { day: "numeric", month: "short" })).format(ms);
}
