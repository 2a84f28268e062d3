// Writes dashboards/*.json from source/*.mjs: `node deploy/grafana/generate.mjs`, with `--check` only says what is out of date.
import { readFileSync, writeFileSync } from 'node:fs';

const check = process.argv.includes('--check');
for (const name of ['operations', 'vitals', 'slo', 'voices', 'business']) {
  const { default: dashboard } = await import(`./source/${name}.mjs`);
  const file = new URL(`dashboards/${name}.json`, import.meta.url);
  const text = `${JSON.stringify(dashboard, null, 2)}\n`;
  if (!check) {
    writeFileSync(file, text);
  } else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`dashboards/${name}.json is not what source/${name}.mjs says: run generate.mjs\n`);
    process.exitCode = 1;
  }
}
