import { bandOf, edgeBeyond } from "../../src/bands/zones";
import {
  type Alert,
  type Budget,
  type Level,
  type Light,
  type Priority,
  type Sample,
  type Subject,
  type Verdict,
  type Vital,
  vitals,
} from "../../src/protocol";
import { bands } from "./bands";

/** The subject as it stands after `sample`, judged without hysteresis. */
export function judged(sample: Sample, since = sample.at): Subject & { verdict: Verdict } {
  const verdict: Verdict = {};
  for (const vital of vitals) {
    const [value, band] = [sample[vital], bandOf(bands, vital)];
    if (value === undefined || !band) continue;
    const edge = edgeBeyond(band, value);
    verdict[vital] = {
      level: edge?.level ?? "OK",
      priority: edge?.priority,
      side: edge?.side,
      since,
      value,
      stale: false,
    };
  }
  const levels = Object.values(verdict).map((each) => each.level);
  const level: Level = levels.includes("BLOCK") ? "BLOCK" : levels.includes("WARN") ? "WARN" : "OK";
  const light: Light = { OK: "green", WARN: "yellow", BLOCK: "red" }[level] as Light;
  return { subject: sample.subject, light, level, latest: sample, verdict };
}

/** A subject that fell silent after `sample`. */
export function silent(sample: Sample): Subject & { verdict: Verdict } {
  const subject = judged(sample);
  for (const verdict of Object.values(subject.verdict)) verdict.stale = true;
  return { ...subject, light: "black" };
}

/** How the objective of a vital stands after ten days; what matters to a test it says itself. */
export function budget(vital: Vital, fields: Partial<Budget> = {}): Budget {
  const days = 86_400;
  const windows: [string, number, number, number][] = [
    ["1h", 14.4, 3_600, 300],
    ["6h", 6, 21_600, 1_800],
    ["1d", 3, days, 7_200],
    ["3d", 1, 3 * days, 21_600],
  ];
  return {
    vital,
    objective: 0.99,
    measured_since: new Date(Date.now() - 10 * days * 1_000).toISOString(),
    period_seconds: 30 * days,
    good_seconds: 10 * days - 3_456,
    bad_seconds: 3_456,
    measured_ratio: 1 / 3,
    remaining_ratio: 0.6,
    burns: windows.map(([name, factor, long_seconds, short_seconds]) => ({
      rule: `${vital}_burn_${name}`,
      factor,
      long_seconds,
      short_seconds,
      long: 0.4,
      short: 0.5,
      firing: false,
    })),
    ...fields,
  };
}

/** Who is told when, as Iskra comes. */
const chains: Record<Priority, NonNullable<Alert["escalation"]>["chain"]> = {
  P0: [
    { role: "DevOps Lead", after_seconds: 0, channels: ["slack", "pagerduty"] },
    { role: "SRE", after_seconds: 300, channels: ["slack", "pagerduty"] },
    { role: "Tech Lead", after_seconds: 900, channels: ["slack", "pagerduty", "email"] },
  ],
  P1: [
    { role: "", after_seconds: 0, channels: ["slack"] },
    { role: "SRE", after_seconds: 900, channels: ["slack", "email"] },
    { role: "PM", after_seconds: 3_600, channels: ["slack", "email"] },
  ],
  P2: [
    { role: "", after_seconds: 0, channels: [] },
    { role: "PM", after_seconds: 14_400, channels: ["email"] },
  ],
};

let count = 0;

/** An alert that fires since `opened`; what matters to a test it says itself. */
export function alert(subject: string, vital: Vital, value: number, opened: Date, fields: Partial<Alert> = {}): Alert {
  const edge = edgeBeyond(bandOf(bands, vital) as never, value);
  if (!edge) throw new Error(`${vital} ${value} is OK`);
  count += 1;
  const at = opened.toISOString();
  return {
    id: `0-${count}.${edge.rule}`,
    subject,
    rule: edge.rule,
    name: edge.rule,
    vital,
    side: edge.side,
    level: edge.level,
    priority: edge.priority,
    state: "firing",
    value,
    threshold: edge.at,
    since: at,
    opened_at: at,
    notification: { status: "sent", at },
    escalation: { step: 1, taken: [at], lapses: 0, chain: chains[edge.priority], acknowledge_timeout_seconds: 1_800 },
    summary: {
      en: `${bandOf(bands, vital)?.name.en} of ${subject} is ${value}: ${edge.priority === "P0" ? "critical" : edge.level} from ${edge.at}`,
      ru: `${bandOf(bands, vital)?.name.ru} ${subject}: ${value}; ${edge.priority === "P0" ? "критично" : edge.level} от ${edge.at}`,
    },
    description: {
      en: "Acute pain: it is failing those who depend on it right now.",
      ru: "Острая боль: прямо сейчас страдают те, кто от этого зависит.",
    },
    recommendation: {
      en: "Act at once: stop what hurts, undo the latest change, tell those affected.",
      ru: "Действуйте сразу: остановите то, что причиняет боль, откатите последнее изменение, предупредите тех, кого это задело.",
    },
    ...fields,
  };
}
