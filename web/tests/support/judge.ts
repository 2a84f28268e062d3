import { bandOf, edgeBeyond } from "../../src/bands/zones";
import {
  type Alert,
  type Level,
  type Light,
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
