import { useState } from "preact/hooks";
import { access } from "../access/session";
import { words } from "../language/language";
import { config } from "../rules/rules";
import { type PageName, pageUrl } from "../shell/page-url";
import type { Watch } from "../watch/watch";
import { TryIt } from "./try-it";

/** What to do while nothing is watched: send a sample, or see first what happens when one comes. */
export function FirstSample({ watch, page }: { watch: Watch; page: PageName }) {
  const { empty } = words.value;
  return (
    <section class="first-sample">
      <h2>{empty.title}</h2>
      <p>{empty.body}</p>
      <SampleCommand page={page} />
      <p class="first-docs">
        <a href="api/openapi.json">{empty.docs}</a>
      </p>
      <TryIt watch={watch} page={page} />
    </section>
  );
}

/** A command that sends a sample to the service that takes them. */
export function SampleCommand({ page }: { page: PageName }) {
  const { empty } = words.value;
  const [isCopied, setCopied] = useState(false);
  const pulse = page === "pulse" ? undefined : pageUrl("pulse", page, config.value);
  const url = new URL("api/v1/samples", pulse ? new URL(".", pulse) : document.baseURI);
  const command = [
    `curl ${url} \\`,
    ...(access.value.kind === "in" ? [`  -H "authorization: Bearer $ISKRA_TOKEN" \\`] : []),
    `  -H 'content-type: application/json' \\`,
    `  -d '{"subject":"agent-7","clarity":0.8,"chaos":0.45,"trust":0.8,"pain":0.3}'`,
  ].join("\n");
  const copy = async () => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
  };
  return (
    <>
      <pre tabIndex={0} role="region" aria-label={empty.command}>
        <code>{command}</code>
      </pre>
      {/* Browsers allow copying on secure pages only. */}
      {navigator.clipboard && (
        <button type="button" onClick={() => void copy()}>
          {isCopied ? empty.copied : empty.copy}
        </button>
      )}
    </>
  );
}
