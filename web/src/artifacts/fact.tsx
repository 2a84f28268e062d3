import type { ComponentChildren } from "preact";
import { figure, time } from "../language/format";
import { inLanguage, words } from "../language/language";
import { isObject, isStep, isText, isTime, type Step } from "./record";

/** A list of plain values that is no longer than this stands in one line. */
const ONE_LINE = 60;
/** More than these of one list are folded away. */
const AT_FIRST = 8;
/** What lies deeper is shown as it is written. */
const DEEPEST = 4;
/** Shares of one whole, which are drawn as such. */
const SHARES: readonly string[] = [
  "completeness",
  "completeness_ratio",
  "coverage_density",
  "coherence_level",
  "optimization_potential",
  "entropy",
  "self_similarity",
  "consistency",
  "confidence",
];

/** The word for what a record says, where we have one; a table of words has more names than we wrote into it. */
const known = (table: Record<string, string>, name: string) => (Object.hasOwn(table, name) ? table[name] : undefined);

/** Whatever a record says, as text: who wrote it is not known, so that nothing of it is ever more than that. */
export function Fact({ value, name = "", depth = 0 }: { value: unknown; name?: string; depth?: number }) {
  const text = words.value.artifacts;
  if (value === null || value === undefined || value === "") return <span class="fact-none">—</span>;
  if (typeof value === "boolean") return value ? text.yes : text.no;
  if (typeof value === "number") return SHARES.includes(name) ? <Share value={value} /> : figure(value);
  if (isTime(value)) return <Time at={value} />;
  if (typeof value === "string") return <span class="fact-words">{known(text.values, value) ?? value}</span>;
  if (isStep(value)) return <StepView step={value} />;
  if (isText(value)) return <span class="fact-words">{inLanguage(value)}</span>;
  if (depth >= DEEPEST) return <code class="fact-words">{JSON.stringify(value)}</code>;
  if (Array.isArray(value)) return <List values={value} depth={depth} />;
  return <Fields fields={value} depth={depth + 1} />;
}

function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at}>
      {time(Date.parse(at))}
    </time>
  );
}

function StepView({ step: { at, what, event } }: { step: Step }) {
  return (
    <>
      <Time at={at} /> <span class="fact-words">{what}</span> {event !== undefined && <code>{event}</code>}
    </>
  );
}

function Share({ value }: { value: number }) {
  return (
    <span class="share">
      <span class="share-bar" aria-hidden="true">
        <i style={{ width: `${100 * Math.min(Math.max(value, 0), 1)}%` }} />
      </span>
      {figure(value)}
    </span>
  );
}

/** Whether it can stand beside others without being taken for two. */
const isPlain = (value: unknown) =>
  (typeof value === "string" && !value.includes(",") && !isTime(value)) || Number.isInteger(value);

function List({ values, depth }: { values: readonly unknown[]; depth: number }) {
  const items = (some: readonly unknown[]) => (
    <ul class="fact-list">
      {some.map((each, i) => (
        <li key={i}>
          <Fact value={each} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
  if (values.length === 0) return <Fact value={null} />;
  const line = values.every(isPlain) ? values.map(String).join(", ") : undefined;
  if (line !== undefined && line.length <= ONE_LINE) return <span class="fact-words">{line}</span>;
  if (values.length <= AT_FIRST)
    return values.length === 1 ? <Fact value={values[0]} depth={depth + 1} /> : items(values);
  return (
    <>
      {items(values.slice(0, AT_FIRST))}
      <details>
        <summary>{words.value.artifacts.more(values.length - AT_FIRST)}</summary>
        {items(values.slice(AT_FIRST))}
      </details>
    </>
  );
}

/** Fields by their names: those that we know in the language of the reader, all others as they are written. */
export function Fields({ fields, depth = 0 }: { fields: object; depth?: number }) {
  const all = isObject(fields) ? Object.entries(fields) : [];
  if (all.length === 0) return <Fact value={null} />;
  return (
    <dl class="fields">
      {all.map(([name, value]) => (
        <Field key={name} name={name}>
          <Fact name={name} value={value} depth={depth} />
        </Field>
      ))}
    </dl>
  );
}

function Field({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{known(words.value.artifacts.fields, name) ?? <code>{name}</code>}</dt>
      <dd>{children}</dd>
    </>
  );
}
