import type { Alert } from "../protocol";

/** Alerts about the same thing: the most urgent speaks for the others. */
export type AlertGroup = { key: string; top: Alert; others: Alert[] };

const newestFirst = (a: Alert, b: Alert) => b.opened_at.localeCompare(a.opened_at);
const mostUrgentFirst = (a: Alert, b: Alert) => a.priority.localeCompare(b.priority) || newestFirst(a, b);

/** Firing alerts by subject, vital and side; first what nobody has taken on, then by urgency, then the newest. */
export function firingGroups(alerts: Iterable<Alert>): AlertGroup[] {
  const byKey = new Map<string, Alert[]>();
  for (const alert of alerts) {
    if (alert.state !== "firing") continue;
    const key = [alert.subject, alert.vital ?? alert.rule, alert.side ?? ""].join(" ");
    byKey.set(key, [...(byKey.get(key) ?? []), alert]);
  }
  const groups = [...byKey].map(([key, members]) => {
    const [top, ...others] = members.sort(mostUrgentFirst);
    return { key, top: top as Alert, others };
  });
  return groups.sort(
    (a, b) =>
      Number(isTakenOn(a)) - Number(isTakenOn(b)) || mostUrgentFirst(a.top, b.top) || a.key.localeCompare(b.key),
  );
}

/** Whether every alert of the group was acknowledged. */
export function isTakenOn(group: AlertGroup): boolean {
  return [group.top, ...group.others].every((alert) => alert.acknowledged);
}

/** Alerts that are over, the latest first. */
export function resolvedAlerts(alerts: Iterable<Alert>): Alert[] {
  return [...alerts]
    .filter((alert) => alert.state === "resolved")
    .sort((a, b) => (b.resolved_at ?? "").localeCompare(a.resolved_at ?? ""));
}
