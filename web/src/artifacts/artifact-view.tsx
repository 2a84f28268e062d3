import type { ComponentChildren } from "preact";
import { download } from "../export/download";
import { time } from "../language/format";
import { words } from "../language/language";
import { LevelSign } from "../shell/level-badge";
import type { Artifact } from "./artifact";
import { Fact, Fields } from "./fact";
import { besides, inOrder, isObject, type Part, partOf, parts, waysOf } from "./record";
import { Ways } from "./ways";

const letters: Record<Part, string> = { delta: "∆", dimension: "D", omega: "Ω", lambda: "Λ", sift: "S I F T" };

/** A ∆DΩΛ record, part by part: what changed, how deep, how sure, what follows, and on what evidence. */
export function ArtifactView({ artifact }: { artifact: Artifact }) {
  const text = words.value.artifacts;
  const { record, status } = artifact;
  const rest = besides(record);
  return (
    <article class="artifact" aria-label={text.title}>
      <header>
        <h3>∆DΩΛ</h3>
        <span class="badge" data-level={status}>
          <LevelSign level={status} />
          {words.value.levels[status]}
        </span>
        <p>
          <span>{text.statuses[status]}</span>{" "}
          <span class="artifact-by">{text.keptBy(artifact.by, time(Date.parse(artifact.at)))}</span>
        </p>
        <button type="button" aria-label={text.saveOf(artifact.id)} onClick={() => save(artifact)}>
          JSON ↓
        </button>
      </header>
      <div class="artifact-parts">
        {parts.map((part) => (
          <PartView key={part} letter={letters[part]} part={part} title={text.parts[part]}>
            <Content part={part} value={partOf(record, part)} />
          </PartView>
        ))}
        {(!isObject(rest) || Object.keys(rest).length > 0) && (
          <PartView letter="+" part="rest" title={text.rest}>
            <Fact value={rest} />
          </PartView>
        )}
      </div>
    </article>
  );
}

type PartProps = { letter: string; part: string; title: string; children: ComponentChildren };

function PartView({ letter, part, title, children }: PartProps) {
  return (
    <section class="artifact-part" data-part={part}>
      <h4>
        <b aria-hidden="true">{letter}</b> {title}
      </h4>
      {children}
    </section>
  );
}

function Content({ part, value }: { part: Part; value: unknown }) {
  const text = words.value.artifacts;
  if (value === undefined) return <p class="fact-none">{text.missing}</p>;
  if (!isObject(value)) return <Fact value={value} />;
  if (part !== "delta") return <Fields fields={inOrder(part, value)} />;
  const { ways, rest } = waysOf(value);
  return (
    <>
      {ways.length > 0 && <Ways ways={ways} />}
      {Object.keys(rest).length > 0 && <Fields fields={rest} />}
      {ways.length === 0 && Object.keys(rest).length === 0 && <Fact value={null} />}
    </>
  );
}

/** The record alone, as `iskra delta validate` reads it. */
function save({ id, record }: Artifact): void {
  const content = new Blob([`${JSON.stringify(record, null, 2)}\n`], { type: "application/json" });
  download(content, `${id.replaceAll(/[^\w.-]/g, "-")}.json`);
}
