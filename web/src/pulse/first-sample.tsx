import { useState } from "preact/hooks";
import { words } from "../language/language";

/** What to do while nothing is watched. */
export function FirstSample() {
  const { empty } = words.value;
  const [isCopied, setCopied] = useState(false);
  const url = new URL("api/v1/samples", document.baseURI);
  const command = [
    `curl ${url} \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '{"subject":"agent-7","clarity":0.8,"chaos":0.45,"trust":0.8,"pain":0.3}'`,
  ].join("\n");
  const copy = async () => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
  };
  return (
    <section class="first-sample">
      <h2>{empty.title}</h2>
      <p>{empty.body}</p>
      <pre tabIndex={0} role="region" aria-label={empty.command}>
        <code>{command}</code>
      </pre>
      {/* Browsers allow copying on secure pages only. */}
      {navigator.clipboard && (
        <button type="button" onClick={() => void copy()}>
          {isCopied ? empty.copied : empty.copy}
        </button>
      )}
    </section>
  );
}
