import { alerts } from './alerts.mjs';
import { bars, dashboard, lines, metric, number, sql } from './panels.mjs';

const REAL = 'told AND NOT simulated';
const minutes = (until) => `extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY ${until} - opened_at)) / 60`;
const ofTime = `FROM ${alerts} WHERE $__timeFilter(opened_at)`;

export default dashboard({
  uid: 'iskra-business',
  title: 'business',
  description:
    'What watching is worth, as far as Iskra knows: whom it watches, how often it calls people, how fast they answer, and for how long it was bad. What an incident costs, it does not know.',
  from: 'now-30d',
  panels: [
    number('Subjects watched', 'short', 'With a sample just now.',
      [metric('count(count by (subject) (iskra_level)) + sum(iskra_subjects_left_out)')], { width: 4, height: 4 }),
    number('Pages', 'short', 'Alerts that people were told of in the time shown; simulated ones do not count.',
      [sql(`SELECT count(*) ${ofTime} AND ${REAL}`)], { width: 4, height: 4 }),
    number('Median time to acknowledge', 'm', 'From an alert to the person who took it; what nobody took does not count: see the next number.',
      [sql(`SELECT ${minutes('acknowledged_at')} ${ofTime} AND ${REAL} AND acknowledged_at IS NOT NULL`)], { width: 4, height: 4 }),
    number('Acknowledged', 'percentunit', 'Share of the pages that somebody took; others ended by themselves, or still fire.',
      [sql(`SELECT count(acknowledged_at)::float8 / nullif(count(*), 0) ${ofTime} AND ${REAL}`)], { width: 4, height: 4 }),
    number('Median time to resolve', 'm', 'From an alert to its end, of those that ended.',
      [sql(`SELECT ${minutes('resolved_at')} ${ofTime} AND ${REAL} AND resolved_at IS NOT NULL`)], { width: 4, height: 4 }),
    number('Share that is simulated', 'percentunit', 'Of all alerts of the time shown: experiments and drills.',
      [sql(`SELECT count(*) FILTER (WHERE simulated)::float8 / nullif(count(*), 0) ${ofTime}`)], { width: 4, height: 4 }),
    bars('Pages per week', 'short', 'By priority, by the week (UTC) in which they opened; simulated ones do not count.',
      [sql(`
      SELECT date_trunc('week', opened_at) AS time,
        count(*) FILTER (WHERE priority = 'P0') AS "P0", count(*) FILTER (WHERE priority = 'P1') AS "P1",
        count(*) FILTER (WHERE priority = 'P2') AS "P2"
      ${ofTime} AND ${REAL} GROUP BY 1 ORDER BY 1`)]),
    bars('Who calls most', 'short', 'The ten subjects with the most pages in the time shown.',
      [sql(`SELECT subject, count(*) AS pages ${ofTime} AND ${REAL} GROUP BY 1 ORDER BY 2 DESC LIMIT 10`)]),
    bars('Minutes at BLOCK', 'm', 'By subject, from the first change of level in the time shown on; what was stale does not count. The ten worst.',
      [sql(`
      SELECT subject, sum(extract(epoch FROM until - at)) / 60 AS minutes
      FROM (
        SELECT at, subject, body ~ '"level":"BLOCK"[^}]*"stale":false' AS is_block,
          least(coalesce(lead(at) OVER (PARTITION BY subject ORDER BY at), $__timeTo()::timestamptz), now()) AS until
        FROM (
          SELECT at, subjects.name AS subject, body::text AS body
          FROM entries JOIN subjects ON subjects.id = subject_id
          WHERE what = 'levels' AND $__timeFilter(at)
        ) AS levels
      ) AS spans
      WHERE is_block GROUP BY 1 ORDER BY 2 DESC LIMIT 10`)]),
    lines('Actions taken', 'short', 'Automatic actions in the time shown.',
      [metric('sum by (action) (increase(iskra_actions_taken_total[$__range]))', '{{action}}')]),
    lines('Actions held back', 'short', 'Actions whose condition became true and that were not taken, by what held them back.',
      [metric('sum by (reason) (increase(iskra_actions_suppressed_total[$__range]))', '{{reason}}')]),
    lines('Experiments', 'short', 'That ended or did not begin, by how.',
      [metric('sum by (outcome) (increase(iskra_experiment_outcomes_total[$__range]))', '{{outcome}}')]),
  ],
});
