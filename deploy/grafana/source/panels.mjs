// What a dashboard is made of, in few words; what Grafana wants to be told besides stands here, once.

const PROMETHEUS = { type: 'prometheus', uid: 'iskra-prometheus' };
const POSTGRES = { type: 'grafana-postgresql-datasource', uid: 'iskra-postgres' };
const COLUMNS = 24;
const REFS = 'ABCDEFGH';

/** A PromQL query; `legend` names its series by their labels. `$rate` is the window of a rate. */
export const metric = (expr, legend = '') => ({
  datasource: PROMETHEUS,
  expr: expr.replaceAll('$rate', '$__rate_interval'),
  legendFormat: legend,
  range: true,
});

/** A query to the log; a series when its first column is `time`. */
export const sql = (rawSql, format = 'table') => ({
  datasource: POSTGRES,
  editorMode: 'code',
  format,
  rawQuery: true,
  rawSql: rawSql.trim().replaceAll(/\n {4,6}/g, '\n'),
});

/** A link to a page of Iskra, about the subject and the moment that are pointed at. */
const link = (title, subject, at) => ({
  title,
  targetBlank: true,
  url: `\${iskra}/pulse/?subject=\${${subject}}&at=\${${at}}`,
});

const panel = (type, kind) => (title, unit, description, targets, more = {}) => {
  const { width = 12, height = 8, options = {}, defaults = {}, overrides = [] } = more;
  const own = kind(more);
  return {
    type,
    title,
    description,
    width,
    height,
    datasource: targets[0].datasource,
    targets: targets.map((target, index) => ({ refId: REFS[index], ...target, ...own.target })),
    fieldConfig: { defaults: { unit, ...own.defaults, ...defaults }, overrides: [...(own.overrides ?? []), ...overrides] },
    options: { ...own.options, ...options },
  };
};

/** Lines over time. `subjects` links each point to Pulse at that moment. */
export const lines = panel('timeseries', ({ subjects }) => ({
  defaults: {
    custom: { lineWidth: 1, fillOpacity: 5, showPoints: 'auto', spanNulls: false },
    links: subjects ? [link('Open Pulse at this moment', '__field.labels.subject', '__value.time:date:iso')] : [],
  },
  options: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
}));

/** Levels over time, in their colours. */
export const timeline = panel('state-timeline', () => ({
  defaults: {
    links: [link('Open Pulse at this moment', '__field.labels.subject', '__value.time:date:iso')],
    mappings: [{ type: 'value', options: levels }],
    color: { mode: 'thresholds' },
    custom: { fillOpacity: 80, lineWidth: 0 },
  },
  options: { mergeValues: true, showValue: 'auto', legend: { displayMode: 'list', placement: 'bottom' } },
}));

const levels = {
  0: { text: 'OK', color: 'green', index: 0 },
  1: { text: 'WARN', color: 'yellow', index: 1 },
  2: { text: 'BLOCK', color: 'red', index: 2 },
};

/** Bars, for what is counted by the week or by a name. */
export const bars = panel('barchart', () => ({
  defaults: { custom: { fillOpacity: 80, lineWidth: 1 } },
  options: { legend: { displayMode: 'list', placement: 'bottom', showLegend: true }, stacking: 'normal' },
}));

/** One number for each series, as it is now. `steps` are [value, colour], from the least. */
export const number = panel('stat', ({ steps = [] }) => ({
  target: {},
  defaults: {
    color: { mode: 'thresholds' },
    thresholds: {
      mode: 'absolute',
      steps: [{ color: steps[0]?.[1] ?? 'text', value: null }, ...steps.slice(1).map(([value, color]) => ({ color, value }))],
    },
  },
  options: { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, colorMode: 'value', graphMode: 'none' },
}));

/** A table. A column `subject` beside a column `at` links to Pulse at that moment. */
export const table = panel('table', ({ subjects }) => ({
  options: { showHeader: true, cellHeight: 'sm' },
  overrides: subjects
    ? [
        {
          matcher: { id: 'byName', options: 'subject' },
          properties: [{ id: 'links', value: [link('Open Pulse at this moment', '__data.fields.subject', '__data.fields.at')] }],
        },
      ]
    : [],
}));

/** Good is green from `good`, bad red below. */
export const atLeast = (good) => [[null, 'red'], [good, 'green']];
/** Zero is green, more is red. */
export const none = [[null, 'green'], [1, 'red']];

/** The variable `subject`: all, or some of those that are judged. `${subject:regex}` stands for it in both languages. */
const subject = {
  name: 'subject',
  label: 'Subject',
  type: 'query',
  datasource: PROMETHEUS,
  query: { query: 'label_values(iskra_level, subject)', refId: 'subject' },
  definition: 'label_values(iskra_level, subject)',
  refresh: 2,
  sort: 1,
  multi: true,
  includeAll: true,
  allValue: '.*',
  current: { selected: true, text: ['All'], value: ['$__all'] },
};

/** Where people reach Iskra. */
const iskra = { name: 'iskra', type: 'constant', query: 'https://iskra.example.com', hide: 2, skipUrlSync: true };

/** Puts panels side by side, row after row, in the order in which they are read. */
const placed = (panels) => {
  let [x, y, tallest] = [0, 0, 0];
  return panels.map(({ width, height, ...panel }, index) => {
    if (x + width > COLUMNS) [x, y, tallest] = [0, y + tallest, 0];
    const gridPos = { x, y, w: width, h: height };
    [x, tallest] = [x + width, Math.max(tallest, height)];
    return { id: index + 1, gridPos, ...panel };
  });
};

/** A dashboard as Grafana reads it. */
export const dashboard = ({ uid, title, description, from, subjects = false, panels }) => ({
  uid,
  title: `Iskra: ${title}`,
  description,
  tags: ['iskra'],
  schemaVersion: 39,
  version: 1,
  editable: false,
  timezone: 'browser',
  graphTooltip: 1,
  refresh: '30s',
  time: { from, to: 'now' },
  templating: { list: subjects ? [iskra, subject] : [iskra] },
  links: [
    ...['Pulse', 'Seams', 'Voices'].map((page) => ({
      type: 'link', title: page, url: `\${iskra}/${page.toLowerCase()}/`, icon: 'external link', targetBlank: true,
    })),
    { type: 'dashboards', title: 'Iskra', tags: ['iskra'], asDropdown: true, includeVars: true, keepTime: true },
  ],
  panels: placed(panels),
});
