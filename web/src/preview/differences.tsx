import { useState } from "preact/hooks";
import { span } from "../language/format";
import { words } from "../language/language";
import type { Backtest, Figure } from "../protocol";
import type { Judgement } from "./preview";

/** What would have been otherwise, and the lines of the file that would make it so. */
export function Differences({ judgement }: { judgement: Judgement }) {
  const text = words.value.preview;
  switch (judgement.kind) {
    case "none":
      return <p class="preview-state">{text.none}</p>;
    case "asking":
      return (
        <p class="preview-state" role="status">
          {text.asking}
        </p>
      );
    case "refused":
      return (
        <p class="preview-state" role="alert">
          {text.refused(judgement.reason ?? words.value.alerts.noAnswer)}
        </p>
      );
    case "done":
      return <Answer backtest={judgement.backtest} />;
  }
}

function Answer({ backtest }: { backtest: Backtest }) {
  const text = words.value.preview;
  return (
    <>
      {backtest.differences.length === 0 ? (
        <p class="preview-state" role="status">
          {text.same(backtest.samples)}
        </p>
      ) : (
        <div class="preview-table" tabIndex={0} role="region" aria-label={text.table}>
          <table>
            <caption>{text.judged(backtest.samples)}</caption>
            <thead>
              <tr>
                <th scope="col">{text.what}</th>
                <th scope="col">{text.was}</th>
                <th scope="col">{text.would}</th>
              </tr>
            </thead>
            <tbody>
              {backtest.differences.map(({ area, name, in_force, candidate }) => (
                <tr key={`${area} ${name}`} data-area={area}>
                  <th scope="row">
                    <span>{text.areas[area] ?? area}</span> {name}
                  </th>
                  <td>{figure(in_force)}</td>
                  <td data-change={Math.sign(candidate.times - in_force.times)}>{figure(candidate)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Yaml yaml={backtest.yaml} />
    </>
  );
}

function figure({ times, seconds }: Figure): string {
  const text = words.value.preview;
  return seconds > 0 ? text.timesFor(times, span(seconds)) : text.times(times);
}

function Yaml({ yaml }: { yaml: Backtest["yaml"] }) {
  const text = words.value.preview;
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(yaml.text);
    setCopied(true);
  };
  return (
    <section class="preview-yaml">
      <h3>{text.yaml(yaml.file, yaml.line)}</h3>
      <pre tabIndex={0} role="region" aria-label={yaml.file}>
        <code>{yaml.text}</code>
      </pre>
      {navigator.clipboard && (
        <button type="button" onClick={() => void copy()}>
          {isCopied ? words.value.empty.copied : words.value.empty.copy}
        </button>
      )}
    </section>
  );
}
