import { useState } from "preact/hooks";
import { OperateButton } from "../access/operate-button";
import { endSilence } from "../api";
import { time } from "../language/format";
import { words } from "../language/language";
import type { Silence } from "../protocol";
import type { Watch } from "../watch/watch";
import { personName } from "./person-form";

/** The silences of the chosen subject that are in force: nothing is muted unseen. */
export function Silences({ watch }: { watch: Watch }) {
  const silences = watch.state.value?.silences ?? [];
  if (silences.length === 0) return null;
  const isLive = watch.timeline.mode.value === "live";
  return (
    <ul class="silences" aria-label={words.value.silences.title}>
      {silences.map((silence) => (
        <Row key={silence.id} silence={silence} isLive={isLive} />
      ))}
    </ul>
  );
}

function Row({ silence, isLive }: { silence: Silence; isLive: boolean }) {
  const text = words.value.silences;
  const [state, setState] = useState<"idle" | "sending" | "failed">("idle");
  const end = () => {
    setState("sending");
    // The stream tells when it is over.
    endSilence(silence.id, personName()).then(undefined, () => setState("failed"));
  };
  const what = silence.rule ? text.rule(silence.rule) : text.whole(silence.subject);
  return (
    <li>
      <span>
        <b>{text.silenced(what)}</b> {words.value.alerts.silenced(silence.by, time(Date.parse(silence.until)))}
        {silence.note && <q>{silence.note}</q>}
      </span>
      {isLive && (
        <OperateButton disabled={state === "sending"} label={text.endOf(what)} onClick={end}>
          {state === "failed" ? text.endFailed : text.end}
        </OperateButton>
      )}
    </li>
  );
}
