import { useState } from "preact/hooks";
import { silence } from "../api";
import { words } from "../language/language";
import type { Alert } from "../protocol";
import { PersonForm } from "./person-form";

const lengths = ["30m", "1h", "4h", "1d", "7d"] as const;

/** Mutes a rule, or everything about its subject, for a while. What ends is told all the same. */
export function SilenceForm({ alert, onDone }: { alert: Alert; onDone: () => void }) {
  const text = words.value.silences;
  const [lasts, setLasts] = useState<(typeof lengths)[number]>("1h");
  const [isWhole, setWhole] = useState(false);
  const send = (by: string, note: string) =>
    silence({ subject: alert.subject, rule: isWhole ? undefined : alert.rule, for: lasts, by, note });
  return (
    <PersonForm confirm={text.confirm} recorded={text.recorded} failed={text.failed} send={send} onDone={onDone}>
      <label>
        {text.what}
        <select value={String(isWhole)} onChange={(event) => setWhole(event.currentTarget.value === "true")}>
          <option value="false">{text.rule(alert.rule)}</option>
          <option value="true">{text.whole(alert.subject)}</option>
        </select>
      </label>
      <label>
        {text.lasts}
        <select value={lasts} onChange={(event) => setLasts(event.currentTarget.value as (typeof lengths)[number])}>
          {lengths.map((length) => (
            <option key={length} value={length}>
              {text.lengths[length]}
            </option>
          ))}
        </select>
      </label>
    </PersonForm>
  );
}
