import { useEffect, useState } from "preact/hooks";
import { fetchConfig } from "../api";
import { time } from "../language/format";
import { words } from "../language/language";
import type { RefusedRules } from "../protocol";

/** Rules change a few times a day: who has just changed them looks at the page for longer than this. */
const ASK_EVERY_MS = 5_000;

/** Says that the rules as they are written now are not those by which anything is judged. */
export function RefusedBanner() {
  const refused = useRefused();
  const text = words.value.rules;
  if (!refused) return null;
  return (
    <section class="refused-banner" role="alert" aria-label={text.label}>
      <strong>{text.refused}</strong>
      <span>
        {refused.file && <b>{text.place(refused.file, refused.line)}</b>} {refused.message}
      </span>
      <span>{text.since(time(Date.parse(refused.at)))}</span>
    </section>
  );
}

function useRefused(): RefusedRules | undefined {
  const [refused, setRefused] = useState<RefusedRules>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = async () => {
      // What was last known stands while the service does not answer.
      if (!document.hidden)
        await fetchConfig().then(
          (config) => setRefused(config.refused),
          () => undefined,
        );
      if (!isOver) timer = setTimeout(ask, ASK_EVERY_MS);
    };
    void ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  return refused;
}
