import { atLeast, bars, dashboard, lines, metric, number, sql } from './panels.mjs';

const OF = 'subject=~"${subject:regex}"';

export default dashboard({
  uid: 'iskra-slo',
  title: 'SLO compliance',
  description: 'How much of the time vitals were inside their OK zones, and how fast their error budgets are used up.',
  from: 'now-7d',
  subjects: true,
  panels: [
    number('Objectives that are met', 'percentunit', 'Share of all objectives (a vital of a subject) with error budget left.',
      [metric(`avg(iskra_slo_budget_remaining_ratio{${OF}} > bool 0)`)], { width: 6, height: 5, steps: atLeast(1) }),
    number('Least error budget left', 'percentunit', 'Of the objective that stands worst; below 0 it is overdrawn.',
      [metric(`min(iskra_slo_budget_remaining_ratio{${OF}})`)], { width: 6, height: 5, steps: atLeast(0) }),
    number('Objective', 'percentunit', 'Share of the measured time that a vital should be inside its OK zone.',
      [metric(`max by (vital) (iskra_slo_objective_ratio{${OF}})`, '{{vital}}')], { width: 6, height: 5 }),
    number('Least measured', 'percentunit', 'Share of the period in which the least measured objective was measured: the rest earns and costs nothing.',
      [metric(`min(iskra_slo_measured_ratio{${OF}})`)], { width: 6, height: 5 }),
    lines('Error budget left', 'percentunit', '100 % is all of it, below 0 it is overdrawn. The ten that stand worst.',
      [metric(`bottomk(10, min by (subject, vital) (iskra_slo_budget_remaining_ratio{${OF}}))`, '{{subject}} {{vital}}')], { subjects: true }),
    lines('Burn rate', 'x', 'How many times faster than it lasts the budget is used up, over each window in seconds; no line where too little was measured. The ten fastest.',
      [metric(`topk(10, max by (subject, vital, window) (iskra_slo_burn_rate{${OF}}))`, '{{subject}} {{vital}} {{window}} s')], { subjects: true }),
    lines('Measured', 'percentunit', 'Share of the period in which each vital was measured, on average of the subjects.',
      [metric(`avg by (vital) (iskra_slo_measured_ratio{${OF}})`, '{{vital}}')], { defaults: { min: 0 } }),
    bars('Minutes at BLOCK', 'm', 'By day and vital, from the first change of level in the time shown on; what was stale does not count.',
      [sql(`
      SELECT date_trunc('day', at) AS time, vital, sum(extract(epoch FROM until - at)) / 60 AS minutes
      FROM (
        SELECT at, vital,
          body ~ ('"' || vital || '":\\{"level":"BLOCK"[^}]*"stale":false') AS is_block,
          least(coalesce(lead(at) OVER (PARTITION BY subject_id, vital ORDER BY at), $__timeTo()::timestamptz), now()) AS until
        FROM (
          SELECT at, subject_id, subjects.name AS subject, body::text AS body
          FROM entries JOIN subjects ON subjects.id = subject_id
          WHERE what = 'levels' AND $__timeFilter(at)
        ) AS levels, unnest(ARRAY['clarity', 'chaos', 'trust', 'pain']) AS vital
        WHERE subject ~ '^(\${subject:regex})$'
      ) AS spans
      WHERE is_block GROUP BY 1, 2 ORDER BY 1`, 'time_series')]),
  ],
});
