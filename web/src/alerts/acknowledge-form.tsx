import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, acknowledge } from "../api";
import { onEscape } from "../keys/keys";
import { words } from "../language/language";
import { recall, remember } from "../preferences";
import type { Watch } from "../watch/watch";
import type { AlertGroup } from "./groups";

/** As many bytes as the service takes would be safe in any script at half as many letters. */
const NAME_LENGTH = 64;
const NOTE_LENGTH = 500;

type Props = { watch: Watch; group: AlertGroup; onDone: () => void };
type Sending = { kind: "idle" } | { kind: "sending" } | { kind: "recorded" } | { kind: "failed"; reason: string };

/** Takes on all alerts of a group under a name, which is remembered. */
export function AcknowledgeForm({ watch, group, onDone }: Props) {
  const text = words.value.alerts;
  const [name, setName] = useState(recall("name") ?? "");
  const [note, setNote] = useState("");
  const [sending, setSending] = useState<Sending>({ kind: "idle" });
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>(recall("name") ? "button[type=submit]" : "input")?.focus();
  }, []);

  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    remember("name", name.trim());
    setSending({ kind: "sending" });
    try {
      for (const alert of [group.top, ...group.others]) {
        if (!alert.acknowledged) watch.board.takeAlerts([await acknowledge(alert.id, name.trim(), note.trim())]);
      }
      setSending({ kind: "recorded" });
    } catch (error) {
      setSending({ kind: "failed", reason: error instanceof ApiError ? error.message : text.noAnswer });
    }
  };

  if (sending.kind === "recorded") return <p role="status">{text.recorded}</p>;
  return (
    <form class="acknowledge-form" ref={form} onSubmit={send} onKeyDown={onEscape(onDone)}>
      <label>
        {text.name}
        <input
          required
          maxLength={NAME_LENGTH}
          autoComplete="name"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <label>
        {text.note}
        <input maxLength={NOTE_LENGTH} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      <div class="form-end">
        <button type="submit" class="acknowledge" disabled={sending.kind === "sending"}>
          {sending.kind === "sending" ? text.sending : text.confirm}
        </button>
        <button type="button" class="quiet" onClick={onDone}>
          {text.cancel}
        </button>
      </div>
      {sending.kind === "failed" && <p role="alert">{text.failed(sending.reason)}</p>}
    </form>
  );
}
