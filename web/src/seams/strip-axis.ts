import { date, shortTime, time } from "../language/format";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const steps = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, DAY];
/** So many labels fit beside each other on a telephone. */
const LABELS = 6;
/** A label too near to the edge would be cut off. */
const MARGIN = 0.03;

/** Round moments of a stretch of time, as this machine's clock counts them. */
export function axisTimes(from: number, to: number): number[] {
  const step = steps.find((each) => (to - from) / each <= LABELS) ?? 2 * DAY;
  const zone = new Date(from).getTimezoneOffset() * MINUTE;
  const times: number[] = [];
  for (let at = Math.ceil((from - zone) / step) * step + zone; at < to; at += step) {
    const share = (at - from) / (to - from);
    if (share > MARGIN && share < 1 - MARGIN) times.push(at);
  }
  return times;
}

export function timeLabel(at: number, length: number): string {
  if (length > DAY) return date(at);
  return length < MINUTE ? time(at) : shortTime(at);
}
