import { bars, dashboard, lines, metric, number, sql } from './panels.mjs';

const OF = 'subject=~"${subject:regex}"';
const told = (what, name) => `
      SELECT substring(body::text FROM '"${name}":"(\\w+)"') AS ${name}, count(*) AS times
      FROM entries JOIN subjects ON subjects.id = subject_id
      WHERE what = '${what}' AND $__timeFilter(at) AND subjects.name ~ '^(\${subject:regex})$'`;

export default dashboard({
  uid: 'iskra-voices',
  title: 'voice health',
  description: 'Who speaks, how often, and what limits hold back.',
  from: 'now-24h',
  subjects: true,
  panels: [
    number('Voices that are active now', 'short', 'Of each voice, the subjects on which it is active.',
      [metric(`sum by (voice) (iskra_voice_active{${OF}})`, '{{voice}}')], { width: 24, height: 4 }),
    lines('Active voices', 'short', 'On how many subjects each voice is active.',
      [metric(`sum by (voice) (iskra_voice_active{${OF}})`, '{{voice}}')]),
    lines('Share of the time active', 'percentunit', 'Of each voice over the time shown, on average of the subjects: a voice that is always or never active says something of its rule.',
      [metric(`avg by (voice) (avg_over_time(iskra_voice_active{${OF}}[$__range]))`, '{{voice}}')], { defaults: { min: 0 } }),
    bars('Activations', 'short', 'How often each voice began in the time shown.',
      [sql(`${told('voice', 'voice')} AND body::text NOT LIKE '%"stood_down":%' GROUP BY 1 ORDER BY 2 DESC`)]),
    bars('Symbols', 'short', 'How often each symbol was performed in the time shown.',
      [sql(`${told('symbol', 'symbol')} GROUP BY 1 ORDER BY 2 DESC`)]),
    lines('Symbols that were not performed', 'short', 'Of all subjects, by what held them back.',
      [metric('sum by (reason) (increase(iskra_symbols_suppressed_total[$rate]))', '{{reason}}')]),
    lines('Actions', 'short', 'Taken on all subjects.',
      [metric('sum by (action) (increase(iskra_actions_taken_total[$rate]))', '{{action}}')]),
  ],
});
