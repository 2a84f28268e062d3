import { OF_SUBJECT, alerts, iso } from './alerts.mjs';
import { dashboard, lines, metric, number, sql, table, timeline } from './panels.mjs';

const OF = 'subject=~"${subject:regex}"';
const vital = (name, zone) =>
  lines(`${name[0].toUpperCase()}${name.slice(1)}`, 'percentunit', `The latest value at each scrape; OK is ${zone}, unless your bands say otherwise. No line: nothing was measured.`,
    [metric(`max by (subject) (iskra_vital_ratio{vital="${name}",${OF}})`, '{{subject}}')],
    { subjects: true, defaults: { min: 0, max: 1 } });

export default dashboard({
  uid: 'iskra-vitals',
  title: 'vitals',
  description: 'The four vitals of the subjects, their levels and their alerts.',
  from: 'now-6h',
  subjects: true,
  panels: [
    number('Worst level now', 'short', '0 OK, 1 WARN, 2 BLOCK: of all chosen subjects; those that are silent do not count.',
      [metric(`max(iskra_level{${OF}})`)], { width: 6, height: 4, steps: [[null, 'green'], [1, 'yellow'], [2, 'red']] }),
    number('Subjects at BLOCK', 'short', 'With at least one vital at BLOCK now.',
      [metric(`count(max by (subject) (iskra_level{${OF}}) == 2) or vector(0)`)], { width: 6, height: 4, steps: [[null, 'green'], [1, 'red']] }),
    number('Alerts that fire', 'short', 'As the log tells; of simulated subjects too.',
      [sql(`SELECT count(*) FROM ${alerts} WHERE resolved_at IS NULL AND ${OF_SUBJECT}`)], { width: 6, height: 4 }),
    number('Subjects', 'short', 'Chosen ones that were measured just now.',
      [metric(`count(count by (subject) (iskra_level{${OF}}))`)], { width: 6, height: 4 }),
    vital('clarity', '70–85 %'),
    vital('chaos', '30–60 %'),
    vital('trust', '60–90 %'),
    vital('pain', '20–50 %'),
    timeline('Level', 'short', 'The worst level of each subject. A gap: it was silent, which is not health.',
      [metric(`max by (subject) (iskra_level{${OF}})`, '{{subject}}')], { width: 24 }),
    table('Alerts', 'none', 'Those that opened in the time shown, latest first; the subject opens Pulse at that moment.',
      [sql(`
      SELECT ${iso('opened_at')} AS at, subject, alert, priority, told, simulated,
        ${iso('acknowledged_at')} AS acknowledged, ${iso('resolved_at')} AS resolved
      FROM ${alerts}
      WHERE $__timeFilter(opened_at) AND ${OF_SUBJECT}
      ORDER BY opened_at DESC LIMIT 200`)], { width: 24, height: 10, subjects: true }),
    table('Seams', 'none', 'Transitions between states in the time shown, latest first.',
      [sql(`
      SELECT ${iso('at')} AS at, subject,
        substring(body FROM '"from":"(\\w+)"') AS "from", substring(body FROM '"to":"(\\w+)"') AS "to",
        substring(body FROM '"seam":.*?"kind":"(\\w+)"') AS kind,
        substring(body FROM '"intensity":([0-9.e-]+)')::float8 AS intensity
      FROM (
        SELECT at, subjects.name AS subject, body::text AS body
        FROM entries JOIN subjects ON subjects.id = subject_id
        WHERE what = 'seam' AND $__timeFilter(at)
      ) AS seams
      WHERE ${OF_SUBJECT}
      ORDER BY at DESC LIMIT 200`)], { width: 24, height: 10, subjects: true }),
  ],
});
